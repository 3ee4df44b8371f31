// The organisation as plain data (`tests/src/bench/peers.rs` writes it), and what every engine needs of it.
import { readFileSync } from "node:fs";

/**
 * @typedef {{users: Object<string, number[][]>, groups: {enabled: boolean, parents: number[], grants: Grant[]}[],
 *   roles: string[][], scopes: Object<string, string[]>, asks: [string, string, string, boolean][],
 *   one: {user: string, allows: boolean[]}}} World `users`: the groups of each, and those of them by rule alone.
 * @typedef {[role: number, scope: string, denies: boolean]} Grant
 */

/** @returns {World} */
export const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** The scopes at which a grant counts for a question at `scope`: itself, those above, the organisation. */
export function above(world, scope) {
  const found = new Set(["org"]);
  const waiting = scope === "" ? [] : [scope];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (found.has(one)) continue;
    found.add(one);
    waiting.push(...(world.scopes[one] ?? []));
  }
  return found;
}

/** The groups that a user is in: `gives` through enabled groups alone, `denies` through all, but by no rule. */
export function groupsOf(world, user) {
  const [direct, byRule] = world.users[user] ?? [[], []];
  const gives = reach(world, [...direct, ...byRule], (group) => world.groups[group].enabled);
  return { gives, denies: reach(world, direct, () => true) };
}

function reach(world, from, passes) {
  const found = new Set();
  const waiting = [...from];
  while (waiting.length > 0) {
    const group = waiting.pop();
    if (found.has(group) || !passes(group)) continue;
    found.add(group);
    waiting.push(...world.groups[group].parents);
  }
  return found;
}

/** What a user may do in the whole organisation. */
export function permissionsOf(world, user) {
  const { gives, denies } = groupsOf(world, user);
  const granted = (groups, deny) =>
    new Set([...groups].flatMap((group) => world.groups[group].grants)
      .filter(([, scope, denies]) => scope === "org" && denies === deny)
      .flatMap(([role]) => world.roles[role]));
  const denied = granted(denies, true);
  return new Set([...granted(gives, false)].filter((permission) => !denied.has(permission)));
}
