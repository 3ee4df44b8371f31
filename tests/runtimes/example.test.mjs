// The example page in Chromium: as it stands, without WebAssembly, and built by Vite from the installed package.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { started as example } from "../../wasm/js/example/start.mjs";
import { started } from "./browsers.mjs";
import { packages, program, projected } from "./project.mjs";

const PATIENCE = { timeout: 60_000 };
const sources = fileURLToPath(new URL("../../wasm/js/example/", import.meta.url));
const options = { program: process.env.COHORT_PROGRAM };

let browser;
before(async () => {
  browser = await started("chromium", packages);
});
after(() => browser.close());

test("the page follows the directory", () => shown({}, "/", "live"));
test("where WebAssembly is forbidden it asks the server", () => shown({}, "/?blocked", "asking"));

test("built by Vite it does the same", async (t) => {
  const project = projected();
  t.after(() => project.remove());
  for (const name of ["index.html", "page.js", "page.css", "icon.svg"]) {
    copyFileSync(join(sources, name), join(project.folder, name));
  }
  execFileSync(program("vite"), ["build", "--logLevel=warn"], { cwd: project.folder, stdio: "inherit" });
  await shown({ pages: join(project.folder, "dist") }, "/", "live");
});

/** Opens the page, and changes what ada may do by the boxes on it. */
async function shown(more, path, status) {
  const site = await example({ ...options, ...more });
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  try {
    await page.goto(site.url + path);
    await page.waitForSelector(`#status[data-is="${status}"]`, PATIENCE);
    await is(page, "invoice:approve", "invoice:1041", true);
    await is(page, "invoice:approve", "invoice:2007", false);
    await page.click('input[aria-label="ada in Directors"]');
    await is(page, "invoice:approve", "invoice:2007", true);
    await is(page, "invoice:delete", "invoice:2007", false);
    await page.click("#mfa");
    await is(page, "invoice:delete", "invoice:2007", true);
    await page.hover(button("invoice:approve", "invoice:2007"));
    const reason = await page.$eval("#reason", (element) => element.textContent);
    assert.match(reason, status === "live" ? /→ allow: manual directors < approver$/ : /→ allow/);
    await page.select("#person", "eve");
    await is(page, "invoice:approve", "invoice:1041", true);
    await page.click('input[aria-label="eve in Directors"]');
    await is(page, "invoice:approve", "invoice:1041", false);
    // A page without WebAssembly says once that it could not compile it.
    assert.deepEqual(said.filter((text) => status === "live" || !/WebAssembly|wasm/i.test(text)), []);
  } finally {
    await page.close();
    await site.close();
  }
}

const button = (permission, scope) => `button[data-permission="${permission}"][data-scope="${scope}"]`;
const is = (page, permission, scope, isAllowed) => page.waitForSelector(`${button(permission, scope)}[aria-disabled="${!isAllowed}"]`, PATIENCE);
