// Node, Deno and Bun: plays all worlds, then follows the real server. `node.mjs RUNTIME WORLDS RESULT`
import { writeFileSync } from "node:fs";
import * as api from "../../dist/npm/node.js";
import { follow } from "./following.mjs";
import { play } from "./play.mjs";
import { staged } from "./stage.mjs";
import { worldsIn } from "./worlds.mjs";

const [runtime, top, result] = process.argv.slice(2);
const version = { node: process.version, deno: globalThis.Deno?.version.deno, bun: globalThis.Bun?.version }[runtime];
const report = await play(api, worldsIn(top));
const stage = await staged();
try {
  await follow(api, stage, report);
} finally {
  await stage.stop();
}
writeFileSync(result, JSON.stringify({ runtime, version, face: "npm", ...report }, null, 2));
