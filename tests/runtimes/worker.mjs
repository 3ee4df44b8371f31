// The Worker: plays all worlds when it is asked, then follows the real server.
import * as api from "./npm/workerd.js";
import { follow } from "./following.mjs";
import { play } from "./play.mjs";
import stage from "./stage.json";
import worlds from "./worlds.json";

const members = `${stage.url}/api/v1/groups/approvers/members`;
const headers = { authorization: `Bearer ${stage.admin}`, "content-type": "application/json" };
const join = () => fetch(members, { method: "POST", headers, body: JSON.stringify({ userId: "ada" }) });
const leave = () => fetch(`${members}/${stage.ada}`, { method: "DELETE", headers });

export default {
  async fetch() {
    const report = await play(api, worlds);
    await follow(api, { key: stage.key, url: `${stage.url}/edge/v1`, token: stage.edge, join, leave }, report);
    return Response.json(report);
  },
};
