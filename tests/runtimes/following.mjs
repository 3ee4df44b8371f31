// A connection to the real server, in every runtime that may reach it: news flip an answer, and flip it back.
const ASKED = ["ada", "invoice:approve", "project:42"];
const PATIENCE_MILLIS = 60_000;

/** `stage` is `{ key, fetch, join, leave }`: ada joins and leaves the group that may. Counts each step as a case. */
export async function follow(api, stage, report) {
  const told = [];
  let look = () => {};
  const live = api.connect({
    keys: stage.key,
    fetch: stage.fetch,
    onChange: () => look(),
    onError: (error) => told.push(`${error.code}: ${error.message}`),
  });
  const step = async (name, act, expected) => {
    report.cases += 1;
    const late = Date.now() + PATIENCE_MILLIS;
    try {
      await act();
      while (live.can(...ASKED) !== expected) {
        if (Date.now() > late) throw new Error(`still ${!expected}, ${live.status}`);
        await new Promise((resolve) => {
          look = resolve;
          setTimeout(resolve, 1000);
        });
      }
    } catch (cause) {
      report.failures.push(`following: ${name}: ${cause.message}; ${told}`);
    }
  };
  await step("connected", () => live.ready, false);
  await step("joined", stage.join, true);
  await step("left", stage.leave, false);
  live.close();
  report.cases += 1;
  if (live.status !== "closed" || live.can(...ASKED)) report.failures.push("following: closed, and still there");
}
