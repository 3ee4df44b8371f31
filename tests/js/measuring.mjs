// Takes times, and keeps them as rows.
export const CHUNK = 200;
const WARM_UP_CHUNKS = 500;
const TIMES_MIN = 3;
const TIMES_MAX = 3_000;
const MILLIS_MAX = 2_000;

export const rows = [];

/** Calls `once` again and again; its durations, each divided by `steps`, as a row. */
export function measure(name, steps, once) {
  const start = performance.now();
  const times = [];
  while (times.length < TIMES_MIN || (times.length < TIMES_MAX && performance.now() - start < MILLIS_MAX)) {
    const before = performance.now();
    once();
    times.push(((performance.now() - before) * 1e6) / steps);
  }
  times.sort((one, other) => one - other);
  const quantile = (share) => times[Math.round((times.length - 1) * share)];
  rows.push({ name, median_ns: quantile(0.5), p99_ns: quantile(0.99), repetitions: times.length });
}

/** The same for a function of a place in an array of `length`, of which each call does a chunk. */
export function measureChunks(name, length, once) {
  const chunks = Math.floor(length / CHUNK);
  let chunk = 0;
  const next = () => {
    chunk = (chunk + 1) % chunks;
    return once(chunk * CHUNK);
  };
  for (let time = 0; time < WARM_UP_CHUNKS; time += 1) next();
  measure(name, CHUNK, next);
}
