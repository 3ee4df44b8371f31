// A page that may compile WebAssembly: plays all worlds on the package as browsers load it.
import * as api from "/npm/index.js";
import { play } from "./play.mjs";

await api.init();
const worlds = await (await fetch("/worlds.json")).json();
await fetch("/result", { method: "POST", body: JSON.stringify(await play(api, worlds)) });
