// Loads the module, once, whoever asks how often.
import load, { initSync as loadSync } from "./cohort.js";
import { CohortError, expectUsable } from "./error.js";

let loading;
let loaded = false;

/** Compiles and starts the module; `input` is where it is, its bytes or itself: by default the file beside this one. */
export function init(input) {
  loading ??= start(input);
  return loading;
}

async function start(input) {
  try {
    await load(input === undefined ? undefined : { module_or_path: input });
    loaded = true;
  } catch (cause) {
    // A later call may try again, with a better network or another input.
    loading = undefined;
    throw notLoaded(cause);
  }
}

/** The same at once, from bytes or a compiled module. */
export function initSync(module) {
  if (loaded) {
    return;
  }
  try {
    loadSync({ module });
  } catch (cause) {
    throw notLoaded(cause);
  }
  loaded = true;
  loading = Promise.resolve();
}

function notLoaded(cause) {
  const message = `the module is not loaded: ${cause?.message ?? cause}`;
  return new CohortError("not_loaded", message, { cause });
}

/** Refuses to go on without the module, or with one that is not to be trusted. */
export function expectLoaded() {
  expectUsable();
  if (!loaded) {
    throw new CohortError("not_loaded", "the module is not loaded; expected `await init()` before");
  }
}
