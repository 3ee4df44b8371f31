// The Worker: plays all worlds when it is asked.
import * as api from "./npm/workerd.js";
import { play } from "./play.mjs";
import worlds from "./worlds.json";

export default {
  async fetch() {
    return Response.json(await play(api, worlds));
  },
};
