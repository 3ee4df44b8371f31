// Chromium and Firefox, under the policy that a page needs and under one that forbids WebAssembly. Started by Node.
import { writeFileSync } from "node:fs";
import { started } from "./browsers.mjs";
import { serving } from "./serving.mjs";
import { staged } from "./stage.mjs";
import { worldsIn } from "./worlds.mjs";

const [runtime, top, result, packages] = process.argv.slice(2);
const stage = await staged();
const site = await serving({ worlds: worldsIn(top), stage });
const browser = await started(runtime, packages);
try {
  const report = await played("/allowed.html");
  // What a page does without the module counts as a case of its own.
  const blocked = await played("/blocked.html");
  report.cases += blocked.cases;
  report.failures.push(...blocked.failures.map((failure) => `blocked: ${failure}`));
  const version = (await browser.version()).replace(/^\D+/, "");
  writeFileSync(result, JSON.stringify({ runtime, version, face: "npm", ...report }, null, 2));
} finally {
  await browser.close();
  site.close();
  await stage.stop();
}

/** What the page finds, which it posts to the site. */
async function played(path) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  const result = site.result();
  await page.goto(`${site.url}${path}`);
  const late = new Promise((_, reject) => setTimeout(reject, 240_000, new Error(`${path}: no result; it said ${said}`)).unref());
  try {
    return JSON.parse(await Promise.race([result, late]));
  } finally {
    await page.close();
  }
}
