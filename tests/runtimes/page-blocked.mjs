// A page whose policy forbids WebAssembly: loading says so, again and again, and nothing answers without the module.
import * as api from "/npm/index.js";

const failures = [];
let cases = 0;

async function refused(code, act) {
  cases += 1;
  try {
    await act();
    failures.push(`taken; expected ${code}`);
  } catch (cause) {
    if (!(cause instanceof api.CohortError) || cause.code !== code) failures.push(`${cause.code} ${cause.message}; expected ${code}`);
  }
}

await refused("not_loaded", () => api.init());
await refused("not_loaded", () => api.init());
await refused("not_loaded", () => api.Cohort.openVerified(new Uint8Array(333)));
await fetch("/result", { method: "POST", body: JSON.stringify({ cases, failures }) });
