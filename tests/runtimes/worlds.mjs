// All worlds in one value, which any runtime can be handed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export function worldsIn(top) {
  const names = readFileSync(join(top, "index"), "utf8").trim().split("\n");
  return { key: readFileSync(join(top, "key"), "utf8").trim(), folders: names.map((name) => folder(top, name)) };
}

function folder(top, name) {
  const files = {};
  for (const entry of readdirSync(join(top, name))) {
    if (/\.(snapshot|delta|slice)$/.test(entry)) {
      files[entry] = readFileSync(join(top, name, entry)).toString("base64");
    }
  }
  return { name, asks: readFileSync(join(top, name, "asks"), "utf8"), files };
}
