// Makes the few scripts of the package: one for deciding, one for following a server, and small ones that name them.
// `bundle.mjs SOURCES OUTPUT PACKAGES`; SOURCES holds the hand-written files, and `cohort_bg.js` of the generator.
// esbuild puts files together, terser makes them small: by itself, esbuild leaves each constant where it stands.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";

const [sources, output, packages] = process.argv.slice(2);
const installed = createRequire(join(packages, "package.json"));
const { build } = installed("esbuild");
const { minify } = installed("terser");

const DECIDE = "decide.js";
/** What is in it: other scripts ask it for these. */
const DECIDING = ["arguments.js", "call.js", "cohort.js", "envelope.js", "error.js", "handles.js", "load.js"];
const ENTRIES = ["connect.js", "index.js", "node.js", "workerd.js"];

const BUNDLED = { absWorkingDir: sources, bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "warning" };
const SMALL = { module: true, ecma: 2020, compress: { passes: 3, pure_getters: true, unsafe_arrows: true } };

/** Leaves the import of another script of the package, of the module and of Node as they are. */
const shared = {
  name: "shared",
  setup({ onResolve }) {
    onResolve({ filter: /^node:|\.wasm$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^\.\/[\w.]+\.js$/ }, ({ path, kind }) => {
      const name = basename(path);
      if (kind === "entry-point") return undefined;
      if (DECIDING.includes(name)) return { path: `./${DECIDE}`, external: true };
      return name === DECIDE || ENTRIES.includes(name) ? { path, external: true } : undefined;
    });
  },
};

for (const name of [DECIDE, ...ENTRIES]) {
  const plugins = name === DECIDE ? [] : [shared];
  const { outputFiles } = await build({ ...BUNDLED, entryPoints: [`./${name}`], plugins, write: false });
  const { code } = await minify(outputFiles[0].text, SMALL);
  writeFileSync(join(output, name), code);
}
