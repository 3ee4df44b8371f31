/** All of the package but what follows a server: for pages that fetch snapshots and deltas themselves. */
export { Cohort, CohortError, Selection, init, init as default, initSync, verified } from "./index.js";
export type {
  Circumstances,
  Conditions,
  Cursor,
  Decision,
  ErrorCode,
  ModuleSource,
  Permission,
  PinnedKeys,
  Question,
  Scope,
  User,
} from "./index.js";
