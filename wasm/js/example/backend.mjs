// The page's own backend: it serves the page, keeps the tokens, and hands the signed feed over from the same origin.
// The bytes need no trust on the way: the page checks their signature against the key that it was given with itself.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { askServer } from "../../../dist/npm/node.js";

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm",
};
const BODY_BYTES_MAX = 64 * 1024;

/**
 * Serves `pages` on a port of loopback; `session` is what the page is told. `server` is `{ url, edge, admin }`: the
 * address of an organisation and two tokens for it, which stay here.
 */
export async function backend({ pages, library, session, server, port = 0 }) {
  const ask = askServer({ url: `${server.url}/api/v1`, token: server.admin });
  const site = createServer((request, response) => {
    answer(request, response).catch((cause) => {
      response.headersSent ? response.destroy() : response.writeHead(cause.code === "ENOENT" ? 404 : 502).end();
    });
  });

  async function answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://page");
    if (request.method === "POST") {
      // Only the page itself may ask its backend to act.
      if (request.headers["sec-fetch-site"] !== "same-origin") return void response.writeHead(403).end();
      const asked = await body(request);
      if (pathname === "/ask") return json(response, await ask(asked));
      if (pathname === "/members") return void response.writeHead(await moved(asked)).end();
    } else if (pathname.startsWith("/feed/")) {
      return handOver(request, response);
    } else if (pathname === "/session.json") {
      return json(response, await session());
    } else if (pathname.startsWith("/cohort-wasm/")) {
      return file(response, library, pathname.slice("/cohort-wasm".length));
    } else {
      return file(response, pages, pathname === "/" ? "/index.html" : pathname, searchParams.has("blocked"));
    }
    response.writeHead(404).end();
  }

  /** The feed as it comes, with a token that the page never sees. */
  async function handOver(request, response) {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const headers = { authorization: `Bearer ${server.edge}` };
    const url = `${server.url}/edge/v1${request.url.slice("/feed".length)}`;
    const found = await fetch(url, { headers, signal: gone.signal });
    response.writeHead(found.status, { "Content-Type": found.headers.get("content-type") ?? "text/plain" });
    for await (const chunk of found.body ?? []) response.write(chunk);
    response.end();
  }

  /** Puts somebody into a group or takes her out; a real backend would first decide who may. */
  async function moved({ group, user, isMember }) {
    const members = `${server.url}/api/v1/groups/${encodeURIComponent(group)}/members`;
    const headers = { authorization: `Bearer ${server.admin}`, "content-type": "application/json" };
    const { people } = await session();
    const id = people.includes(user) ? user : "";
    const found = isMember
      ? await fetch(members, { method: "POST", headers, body: JSON.stringify({ userId: id }) })
      : await fetch(`${members}/${await memberId(members, headers, id)}`, { method: "DELETE", headers });
    return found.status;
  }

  await new Promise((resolve) => site.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${site.address().port}`,
    close: () => (site.closeAllConnections(), site.close()),
  };
}

async function memberId(address, headers, user) {
  const { members } = await (await fetch(address, { headers })).json();
  return members.find(({ name }) => name === user)?.memberId;
}

async function file(response, folder, path, isBlocked) {
  const bytes = await readFile(join(folder, normalize(path)));
  const headers = { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", "Cache-Control": "no-cache" };
  if (path.endsWith(".html")) headers["Content-Security-Policy"] = policy(String(bytes), isBlocked);
  response.writeHead(200, headers).end(bytes);
}

/** Nothing from elsewhere; no script in the page but its import map; WebAssembly unless that is to be shown without. */
function policy(html, isBlocked) {
  const [, map] = html.match(/<script type="importmap">([^<]*)<\/script>/) ?? [];
  const hash = map === undefined ? "" : ` 'sha256-${createHash("sha256").update(map).digest("base64")}'`;
  const wasm = isBlocked ? "" : " 'wasm-unsafe-eval'";
  return `default-src 'none'; connect-src 'self'; style-src 'self'; img-src 'self'; script-src 'self'${wasm}${hash}`;
}

function json(response, value) {
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" }).end(JSON.stringify(value));
}

async function body(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > BODY_BYTES_MAX) throw new Error("a body without end");
  }
  return JSON.parse(text);
}
