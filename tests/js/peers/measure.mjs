// Asks every engine the same questions and prints, as JSON, how long each took and how often it said something else.
// Arguments: the folder in which the peers are installed, the organisation (`world.json`), the raw module, the npm
// package's entry, the snapshot.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as casbin from "./casbin.mjs";
import * as casl from "./casl.mjs";
import * as cedar from "./cedar.mjs";
import * as cohort from "./cohort.mjs";
import * as walk from "./walk.mjs";
import { read } from "./world.mjs";

/** Questions that are timed as one: one alone is too near to the clock's own cost. */
const CHUNK = 200;
/** Milliseconds for the questions to one engine, and how many at least. */
const MILLIS_MAX = 4_000;
const TIMES_MIN = 3;
const TIMES_MAX = 2_000;
/** Nanoseconds from which a question is timed by itself. */
const SLOW = 1_000_000;

const [folder, worldPath, module, npm, snapshot] = process.argv.slice(2);
const world = read(worldPath);
const own = { module, npm: pathToFileURL(npm).href, snapshot };
const find = createRequire(pathToFileURL(`${folder}/`));

async function loaded(names = []) {
  const found = await Promise.all(names.map((name) => import(pathToFileURL(find.resolve(name)).href)));
  return Object.fromEntries(names.map((name, at) => [name, found[at].default?.newEnforcer ? found[at].default : found[at]]));
}

/** How long `ask` takes for one of `asked`, and how often it does not answer as expected. */
function measured(asked, ask) {
  const answers = (from, count) => {
    let differing = 0;
    for (let at = from; at < from + count; at += 1) if (ask(asked[at]) !== asked[at].expected) differing += 1;
    return differing;
  };
  // The first question may have to compile what it needs.
  answers(0, 1);
  const start = performance.now();
  answers(1, 1);
  const chunk = (performance.now() - start) * 1e6 > SLOW ? 1 : CHUNK;
  const times = [];
  let [differing, count, from] = [0, 0, 0];
  const begun = performance.now();
  while (times.length < TIMES_MIN || (times.length < TIMES_MAX && performance.now() - begun < MILLIS_MAX)) {
    from = from + 2 * chunk > asked.length ? 0 : from + chunk;
    const before = performance.now();
    differing += answers(from, chunk);
    times.push(((performance.now() - before) * 1e6) / chunk);
    count += chunk;
  }
  times.sort((one, other) => one - other);
  return { median_ns: times[times.length >> 1], asked: count, differing };
}

const rows = [];

for (const engine of [cohort.byHandle, cohort.byObject, cohort.inWords, walk, cedar, casbin]) {
  process.stderr.write(`  ${engine.name}\n`);
  const packages = await loaded(engine.packages);
  const start = performance.now();
  const { may, prepared } = await engine.open(world, packages, own);
  const open_ns = (performance.now() - start) * 1e6;
  const asked = world.asks.map((ask) => ({ of: prepared ? prepared(ask) : ask, expected: ask[3] }));
  const ask = ({ of: [user, permission, scope] }) => may(user, permission, scope);
  rows.push({ part: "any", engine: engine.name, open_ns, ...measured(asked, ask) });
}

for (const engine of [cohort.one, ...cohort.selected, casl.one, walk.one]) {
  const packages = await loaded(engine === casl.one ? casl.packages : []);
  const start = performance.now();
  const can = await engine.open(world, world.one.user, packages, own);
  const open_ns = (performance.now() - start) * 1e6;
  const asked = world.asks.map(([, permission], at) => ({
    of: can.prepared ? can.prepared(permission) : permission,
    expected: world.one.allows[at],
  }));
  rows.push({ part: "one", engine: engine.name, open_ns, ...measured(asked, ({ of }) => can(of)) });
}

console.log(JSON.stringify(rows));
