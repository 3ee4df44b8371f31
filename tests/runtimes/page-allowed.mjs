// A page that may compile WebAssembly: plays all worlds on the package as browsers load it, then follows the server,
// whose bytes the site hands over.
import * as api from "/npm/index.js";
import { follow } from "./following.mjs";
import { play } from "./play.mjs";

await api.init();
const worlds = await (await fetch("/worlds.json")).json();
const report = await play(api, worlds);
const post = (path) => () => fetch(path, { method: "POST" });
const { key } = await (await fetch("/stage.json")).json();
await follow(api, { key, fetch: (path, init) => fetch(`/feed${path}`, init), join: post("/join"), leave: post("/leave") }, report);
await fetch("/result", { method: "POST", body: JSON.stringify(report) });
