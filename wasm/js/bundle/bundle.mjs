// Makes the few scripts of the package: one for deciding, one for following a server, and small ones that name them.
// `bundle.mjs SOURCES OUTPUT PACKAGES`; SOURCES holds the hand-written files, and `cohort_bg.js` of the generator.
import { createRequire } from "node:module";
import { join } from "node:path";

const [sources, output, packages] = process.argv.slice(2);
const { build } = createRequire(join(packages, "package.json"))("esbuild");

/** What is in `decide.js`: other scripts ask it for these. */
const DECIDING = ["arguments.js", "call.js", "cohort.js", "envelope.js", "error.js", "handles.js", "load.js"];
const ENTRIES = ["connect.js", "index.js", "node.js", "workerd.js"];
const OPTIONS = {
  absWorkingDir: sources,
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
};

/** Leaves the import of another script of the package, of the module and of Node as they are. */
const shared = {
  name: "shared",
  setup({ onResolve }) {
    onResolve({ filter: /^node:|\.wasm$/ }, ({ path }) => ({ path, external: true }));
    onResolve({ filter: /^\.\/[\w.]+\.js$/ }, ({ path, kind }) => {
      const name = path.slice(2);
      if (kind === "entry-point") return undefined;
      if (DECIDING.includes(name) || name === "decide.js") return { path: "./decide.js", external: true };
      return ENTRIES.includes(name) ? { path, external: true } : undefined;
    });
  },
};

await build({ ...OPTIONS, entryPoints: ["./decide.js"] });
await build({ ...OPTIONS, entryPoints: ENTRIES.map((name) => `./${name}`), plugins: [shared] });
