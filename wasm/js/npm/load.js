// Loads the module, once, whoever asks how often.
import { __wbg_set_wasm } from "./cohort_bg.js";
import { useMemory } from "./call.js";
import { CohortError, expectUsable } from "./error.js";

let loading;
let loaded = false;

/** Compiles and starts the module; `input` is where it is, its bytes or itself: by default the file beside this one. */
export function init(input) {
  loading ??= start(input);
  return loading;
}

async function start(input) {
  if (loaded) {
    return;
  }
  try {
    const source = await fetched(await (input ?? new URL("cohort_bg.wasm", import.meta.url)));
    const made = await WebAssembly.instantiate(source);
    use(made.instance ?? made);
  } catch (cause) {
    // A later call may try again, with a better network or another input.
    loading = undefined;
    throw notLoaded(cause);
  }
}

/** What can be compiled, of what says where it is. */
async function fetched(source) {
  const isAddress = typeof source === "string" || source instanceof URL || source instanceof Request;
  const found = isAddress ? await fetch(source) : source;
  if (!(found instanceof Response)) {
    return found;
  }
  if (!found.ok) {
    throw new Error(`${found.url} is answered by ${found.status}; expected 200`);
  }
  return found.arrayBuffer();
}

/** The same at once, from bytes or a compiled module. */
export function initSync(module) {
  if (loaded) {
    return;
  }
  try {
    const compiled = module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module);
    use(new WebAssembly.Instance(compiled));
  } catch (cause) {
    throw notLoaded(cause);
  }
  loading = Promise.resolve();
}

/** The first instance is the one. */
function use({ exports }) {
  if (!loaded) {
    __wbg_set_wasm(exports);
    useMemory(exports.memory);
    loaded = true;
  }
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
