// The real server for a runtime: started by Node's means, which Deno and Bun have too.
import { peopled, served } from "../js/server.mjs";

export async function staged() {
  const server = await served();
  await peopled(server);
  const headers = (more) => ({ ...more, authorization: `Bearer ${server.edge}` });
  return {
    server,
    key: server.key,
    fetch: (path, init) => fetch(`${server.url}/edge/v1${path}`, { ...init, headers: headers(init.headers) }),
    join: () => server.api("POST", "/groups/approvers/members", { userId: "ada" }),
    leave: () => server.api("DELETE", `/groups/approvers/members/${server.ada}`),
    stop: () => server.stop(),
  };
}
