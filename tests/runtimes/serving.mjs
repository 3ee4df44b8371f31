// A small site: pages with their policies, the package, the runner, the worlds; the feed of the real server, which it
// hands over with a token that no page sees; and where a page posts what it found.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { askServer } from "../../dist/npm/node.js";

const ROOTS = {
  npm: fileURLToPath(new URL("../../dist/npm/", import.meta.url)),
  run: fileURLToPath(new URL("./", import.meta.url)),
};
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm", html: "text/html", css: "text/css" };
const POLICIES = {
  "/allowed.html": "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  "/blocked.html": "default-src 'none'; connect-src 'self'; script-src 'self'",
};

/** Serves on a free port of loopback. `result()` is what the next page posts. */
export async function serving({ worlds, stage }) {
  let given;
  const ask = askServer({ url: `${stage.server.url}/api/v1`, token: stage.server.admin });
  const posted = async (path, text, response) => {
    if (path === "/ask") {
      json(await ask(JSON.parse(text)), response);
      return;
    }
    if (path === "/join" || path === "/leave") await stage[path.slice(1)]();
    if (path === "/result") given?.(text);
    response.writeHead(204).end();
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    try {
      if (request.method === "POST") {
        await posted(path, await body(request), response);
      } else if (POLICIES[path] !== undefined) {
        const script = path.replace(/^\/(\w+)\.html$/, "/run/page-$1.mjs");
        response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": POLICIES[path] });
        response.end(`<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`);
      } else if (path === "/worlds.json") {
        json(worlds, response);
      } else if (path === "/stage.json") {
        json({ key: stage.key }, response);
      } else if (path.startsWith("/feed/")) {
        await handedOver(stage, request, response);
      } else {
        await file(path, response);
      }
    } catch (cause) {
      response.writeHead(404).end(String(cause?.code ?? cause));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const result = () => new Promise((resolve) => (given = resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, result, close: () => (server.closeAllConnections(), server.close()) };
}

/** The feed, as it comes: also while it is still coming. */
async function handedOver(stage, request, response) {
  const closed = new AbortController();
  response.on("close", () => closed.abort());
  const answer = await stage.fetch(request.url.slice("/feed".length), { headers: {}, signal: closed.signal });
  response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
  try {
    for await (const chunk of answer.body) response.write(chunk);
    response.end();
  } catch {
    // The page has gone, or the server: whoever is left sees the end of the answer.
    response.destroy();
  }
}

function json(value, response) {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

async function file(path, response) {
  const [, root, name] = path.match(/^\/(npm|run)\/([\w.-]+)$/) ?? [];
  const bytes = await readFile(ROOTS[root] + name);
  response.writeHead(200, { "Content-Type": TYPES[name.split(".").at(-1)] ?? "application/octet-stream" }).end(bytes);
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
