// Cohort's own doors: the npm package by name, the raw module by handle.
import { readFileSync } from "node:fs";

const opened = async ({ npm, snapshot }) => {
  const { Cohort, init } = await import(npm);
  await init();
  return Cohort.openVerified(readFileSync(snapshot));
};

export const inWords = {
  name: "Cohort, npm package, asked in words",
  async open(world, packages, own) {
    const cohort = await opened(own);
    const told = { at: world.at };
    return { may: (user, permission, scope) => cohort.can(user, permission, scope === "" ? undefined : scope, told) };
  },
};

export const byObject = {
  name: "Cohort, npm package, by what was looked up",
  async open(world, packages, own) {
    const cohort = await opened(own);
    const told = { at: world.at };
    const [user, permission] = [kept((text) => cohort.user(text)), kept((text) => cohort.permission(text))];
    const scope = kept((text) => (text === "" ? undefined : cohort.scope(text)));
    return {
      prepared: (asked) => [user(asked[0]), permission(asked[1]), scope(asked[2])],
      may: (user, permission, scope) => cohort.can(user, permission, scope, told),
    };
  },
};

/** One signed-in user: by name, as a page asks, and by what was looked up. */
export const selected = [
  ["Cohort, npm package, by name", (cohort, permission) => permission],
  ["Cohort, npm package, by what was looked up", (cohort, permission) => cohort.permission(permission)],
].map(([name, prepared]) => ({
  name,
  async open(world, user, packages, own) {
    const cohort = await opened(own);
    const selection = cohort.select(user, { at: world.at });
    const can = (permission) => selection.can(permission);
    can.prepared = kept((permission) => prepared(cohort, permission));
    return can;
  },
}));

/** The exports of the raw module with an open state, and how to look a text up. */
function instance(module, snapshot) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module)), {});
  const bytes = readFileSync(snapshot);
  const put = (from) => {
    const address = exports.cohort_alloc(from.length);
    new Uint8Array(exports.memory.buffer, address, from.length).set(from);
    return address;
  };
  const address = put(bytes);
  const state = exports.cohort_open(address, bytes.length);
  exports.cohort_free(address, bytes.length);
  if (state <= 0) throw new Error(`the snapshot was refused with ${state}`);
  const handle = (look, text) => {
    const from = Buffer.from(text);
    const found = from.length === 0 ? 0 : look(state, put(from), from.length, 0, 0);
    if (found < 0) throw new Error(`${text} was refused with ${found}`);
    return found;
  };
  return { exports, state, handle };
}

const kept = (look) => {
  const known = new Map();
  return (text) => known.get(text) ?? known.set(text, look(text)).get(text);
};

export const byHandle = {
  name: "Cohort, raw module, by handle",
  async open(world, packages, { module, snapshot }) {
    const { exports, state, handle } = instance(module, snapshot);
    const [user, permission, place] = ["cohort_user", "cohort_permission", "cohort_place"]
      .map((look) => kept((text) => handle(exports[look], text)));
    const at = BigInt(world.at);
    return {
      prepared: (asked) => [user(asked[0]), permission(asked[1]), place(asked[2])],
      may: (user, permission, place) => exports.cohort_check(state, user, permission, place, 0, at, 0) === 1,
    };
  },
};

export const one = {
  name: "Cohort, raw module, by handle",
  open(world, user, packages, { module, snapshot }) {
    const { exports, state, handle } = instance(module, snapshot);
    const selection = exports.cohort_select(state, handle(exports.cohort_user, user), 0, BigInt(world.at));
    const can = (permission) => exports.cohort_can(selection, permission) === 1;
    can.prepared = kept((permission) => handle(exports.cohort_permission, permission));
    return can;
  },
};
