// Starts a real browser without a window.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Nothing but the page's own server is spoken to. */
const CHROMIUM = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const FIREFOX = {
  "app.update.auto": false, "datareporting.policy.dataSubmissionEnabled": false, "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false, "services.settings.server": "http://127.0.0.1:9/", "browser.safebrowsing.update.enabled": false,
};
const PROGRAMS = { chromium: "/usr/bin/chromium", firefox: "/usr/bin/firefox-esr" };

/** A browser of this name, through the puppeteer of `packages`. */
export async function started(name, packages) {
  const from = createRequire(join(packages, "package.json"));
  const { default: puppeteer } = await import(pathToFileURL(from.resolve("puppeteer-core")));
  const own = name === "firefox" ? { browser: "firefox", extraPrefsFirefox: FIREFOX } : { args: CHROMIUM };
  return puppeteer.launch({ executablePath: PROGRAMS[name], headless: true, protocolTimeout: 300_000, ...own });
}
