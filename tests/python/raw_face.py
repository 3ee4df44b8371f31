"""The raw module in wasmtime from Python, written from docs/raw-abi.md alone.

Each question by name is also asked by handles and of a selection; an answer that is another then is no answer.
"""

import struct

import wasmtime
from worlds import Refused

ABI_VERSION = 1
ANSWER_BYTES = 24
CODES = {
    -16: "malformed",
    -17: "unknown_version",
    -18: "wrong_kind",
    -19: "contradictory",
    -20: "wrong_org",
    -21: "wrong_base",
    -22: "older",
    -23: "wrong_names",
    -24: "slice",
}
OUTCOMES = {1: "allow", 2: "deny", 3: "indeterminate"}
REASONS = {
    0: "-",
    1: "unknown_user",
    2: "unknown_permission",
    3: "malformed_scope",
    4: "org_disabled",
    5: "inactive_user",
    6: "denied_by",
    7: "condition_required",
    8: "no_path",
    32: "stale",
    33: "before_created",
    34: "revision_not_reached",
    35: "ambiguous_subject",
    36: "too_large",
    37: "outside_coverage",
}
LATER = "revision_not_reached"


def text(value):
    data = value.encode()
    return struct.pack("<H", len(data)) + data


def conditions(names):
    return struct.pack("<H", len(names)) + b"".join(map(text, names))


class Raw:
    """One instance for all states of a run, as a gateway would have it."""

    def __init__(self, path):
        self.store = wasmtime.Store()
        module = wasmtime.Module.from_file(self.store.engine, str(path))
        if module.imports:
            raise SystemExit(f"{path} imports {len(module.imports)} things; expected none")
        self.exports = wasmtime.Instance(self.store, module, []).exports(self.store)
        if self.call("abi_version") != ABI_VERSION:
            raise SystemExit(f"{path} speaks another version of the ABI; expected {ABI_VERSION}")
        self.answer = self.call("alloc", ANSWER_BYTES)

    def call(self, name, *arguments):
        return self.exports[f"cohort_{name}"](self.store, *arguments)

    def said(self):
        at, size = self.call("result_ptr"), self.call("result_len")
        return self.exports["memory"].read(self.store, at, at + size).decode()

    def passing(self, parts, act):
        """Calls with copies of byte strings in the module's memory."""
        blocks = [(self.call("alloc", len(part)) if part else 0, len(part)) for part in parts]
        for (at, _), part in zip(blocks, parts):
            self.exports["memory"].write(self.store, part, at)
        found = act(*(number for block in blocks for number in block))
        for block in blocks:
            self.call("free", *block)
        return found

    def expect(self, code):
        if code < 0:
            raise Refused(CODES.get(code) or f"{code}: {self.said()}")
        return code

    def open(self, payload):
        return self.expect(self.passing([payload], lambda *at: self.call("open", *at)))

    def apply(self, state, payload):
        self.expect(self.passing([payload], lambda *at: self.call("apply", state, *at)))

    def close(self, state):
        if state is not None:
            self.expect(self.call("close", state))

    def encoded(self, asked, at):
        words = (asked.user, asked.permission, asked.scope or "", asked.parent or "")
        return struct.pack("<qQ", at, asked.at_least) + b"".join(map(text, words)) + conditions(asked.conditions)

    def told(self):
        record = self.exports["memory"].read(self.store, self.answer, self.answer + ANSWER_BYTES)
        outcome, reason, _, revision, until = struct.unpack("<BB6sQq", record)
        return f"{OUTCOMES[outcome]} {REASONS[reason]} {revision} {until}"

    def ask(self, state, asked, at):
        # An empty scope is the organisation here, so that an empty text cannot be asked about.
        if "" in (asked.scope, asked.parent):
            return None
        decide = lambda *place: self.call("decide", state, *place, self.answer)
        self.expect(self.passing([self.encoded(asked, at)], decide))
        found = self.told()
        if f" {LATER} " in found:
            return found
        for way, other in self.by_handle(state, asked, at):
            if other != found and other != found.split(" ")[0]:
                return f"{found}, but {other} by {way}"
        return found

    def by_handle(self, state, asked, at):
        look = lambda name, *parts: self.passing(parts, lambda *places: self.call(name, state, *places))
        user, permission = look("user", asked.user.encode()), look("permission", asked.permission.encode())
        place = look("place", (asked.scope or "org").encode(), (asked.parent or "").encode())
        given = look("conditions", conditions(asked.conditions))
        if user <= 0 or permission <= 0 or place <= 0:
            return
        self.expect(given)
        self.expect(self.call("check", state, user, permission, place, given, at, self.answer))
        yield "handle", self.told()
        if asked.scope is None:
            self.expect(self.call("check", state, user, permission, 0, given, at, self.answer))
            yield "handle in the organisation", self.told()
            selection = self.expect(self.call("select", state, user, given, at))
            can = self.expect(self.call("can", selection, permission))
            self.expect(self.call("unselect", selection))
            if can == 1:
                yield "selection", "allow"
            elif self.told().startswith("allow"):
                yield "selection", "no"

    def explain(self, state, asked, at):
        self.expect(self.passing([self.encoded(asked, at)], lambda *place: self.call("explain", state, *place)))
        return self.said()

    def role(self, *_):
        return None

    def who(self, *_):
        return None
