// The reader of server-sent events, however the bytes are cut on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { revisions } from "../../wasm/js/npm/watch.js";

const TEXT = ': hello\n\nevent: revision\ndata: {"revision":7}\n\n:\n\nevent: revision\r\ndata: {"revision":\r\ndata: 8}\r\n\r\ndata:{"revision":9}\n\n';

/** What is read from a text that arrives in pieces of `length` bytes, and how often something arrived. */
async function read(text, length) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let arrived = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, (at += length)));
    },
  });
  const found = [];
  for await (const revision of revisions(body, () => (arrived += 1))) found.push(revision);
  return { found, arrived };
}

test("events are found whatever the pieces", async () => {
  for (const length of [1, 2, 3, 5, 7, 64, 1000]) {
    const { found, arrived } = await read(TEXT, length);
    assert.deepEqual(found, [7, 8, 9], `${length} bytes`);
    assert.equal(arrived, Math.ceil(TEXT.length / length));
  }
});

test("an event that is cut off is none", async () => {
  assert.deepEqual((await read('data: {"revision":7}\n\ndata: {"revision":8}\n', 10)).found, [7]);
});

test("what is no revision is refused", async () => {
  for (const data of ["", "7", "null", "{}", '{"revision":"7"}', '{"revision":1.5}', "<html>"]) {
    await assert.rejects(read(`data: ${data}\n\n`, 4), { name: "CohortError", code: "malformed" }, data);
  }
});

test("an event without end is given up", async () => {
  await assert.rejects(read(`data: ${"x".repeat(70_000)}`, 1000), { name: "CohortError", code: "too_large" });
});

test("who stops reading closes the stream", async () => {
  let isClosed = false;
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('data: {"revision":7}\n\n')),
    cancel: () => (isClosed = true),
  });
  for await (const revision of revisions(body, () => {})) {
    assert.equal(revision, 7);
    break;
  }
  assert.equal(isClosed, true);
});
