// Node, Deno and Bun: FILE.mjs RUNTIME WORLDS RESULT
import { writeFileSync } from "node:fs";
import * as api from "../../dist/npm/node.js";
import { play } from "./play.mjs";
import { worldsIn } from "./worlds.mjs";

const [runtime, top, result] = process.argv.slice(2);
const version = { node: process.version, deno: globalThis.Deno?.version.deno, bun: globalThis.Bun?.version }[runtime];
const report = await play(api, worldsIn(top));
writeFileSync(result, JSON.stringify({ runtime, version, face: "npm", ...report }, null, 2));
