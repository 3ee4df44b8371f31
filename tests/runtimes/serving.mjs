// A small site: pages with their policies, the package, the runner, the worlds; and where a page posts what it found.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

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
export async function serving({ worlds }) {
  let given;
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    try {
      if (request.method === "POST") {
        given?.(await body(request));
        response.writeHead(204).end();
      } else if (POLICIES[path] !== undefined) {
        const script = path.replace(/^\/(\w+)\.html$/, "/run/page-$1.mjs");
        response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": POLICIES[path] });
        response.end(`<!doctype html><meta charset="utf-8"><script type="module" src="${script}"></script>`);
      } else if (path === "/worlds.json") {
        response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(worlds));
      } else {
        await file(path, response);
      }
    } catch (cause) {
      response.writeHead(404).end(String(cause?.code ?? cause));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const result = () => new Promise((resolve) => (given = resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, result, close: () => server.close() };
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
