"""Prints in sorted lines who is in which group, as a snapshot, a slice or the envelope of one says.

A second reader of the format, from docs/snapshot-format.md alone. It checks structure and numbers, but not how names
are spelled, the header, scopes, nor signatures. Status 1 and one line on standard error: the bytes were refused.
"""

import pathlib
import sys
import uuid

VIAS = ("manual", "scim", "rule")
SNAPSHOT, SLICE, NAMELESS = 1, 3, 0x80
ENVELOPE_HEAD, ROW_GROUPS, ROW_MOST, MORE = 77, 65_533, 64, 255


class Malformed(Exception): ...


class Reader:
    def __init__(self, data):
        self.data, self.at, self.value_at = data, ENVELOPE_HEAD if data[:5] == b"COHE\1" else 0, 0

    def need(self, holds, what):
        if not holds:
            raise Malformed(f"{what}, at byte {self.value_at}")

    def take(self, size):
        self.value_at = self.at
        self.need(size <= len(self.data) - self.at, "the bytes end inside a value")
        self.at += size
        return self.data[self.value_at : self.at]

    def tag(self, most):
        found = self.take(1)[0]
        self.need(found <= most, f"number {found} names no case")
        return found

    def number(self, least=0, end=1 << 63):
        start, value, shift, byte = self.at, 0, 0, 0x80
        while byte & 0x80:
            self.need(shift < 63, "number of more than 63 bits")
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
        self.value_at = start
        self.need(byte or shift == 7, "number longer than its shortest form")
        self.need(least + value < end, f"number {least + value} where there are only {end}")
        return least + value

    def count(self, most=(1 << 63) - 1):
        return range(self.number(0, most + 1))

    def numbers(self, end, count):
        found = [-1]
        for _ in count:
            found.append(self.number(found[-1] + 1, end))
        return found[1:]

    def id(self):
        return uuid.UUID(bytes=self.take(16))

    def text(self):
        found = self.take(self.number()).decode("utf-8", "replace")
        self.need(found and found.encode() == self.data[self.value_at : self.at], "no text in UTF-8")
        return found

    def texts(self, count):
        return [self.text() for _ in count]

    def ascending(self, items):
        self.need(all(one < two for one, two in zip(items, items[1:])), "not in ascending order")
        return items

    def bounds(self, which):
        found = [int.from_bytes(self.take(8), "little", signed=True) for bit in (1, 2) if which & bit]
        self.need(found == sorted(set(found)), "a span that ends before it begins")
        return "..".join(str(found.pop(0)) if which & bit else "" for bit in (1, 2))

    def edges(self, groups):
        found, group = [], 0
        for _ in self.count():
            group, flags = self.number(group, groups), self.tag(6)
            spans = [self.bounds(self.tag(3)) for _ in self.count(16)] if flags & 4 else ()
            self.need(flags & 3 < 3 and (flags < 4 or spans not in ([], [".."])), "an edge that is none")
            found.append((group, flags & 3, f" [{','.join(spans)}]" if spans else ""))
        self.ascending([edge[:2] for edge in found])
        return found

    def grants(self, roles, scopes, conditions):
        for _ in self.count():
            self.id(), self.number(0, roles), self.number(0, scopes)
            flags = self.tag(31)
            self.need(flags & 18 < 18, "a grant that takes, if conditions are met")
            self.numbers(conditions, self.count(64) if flags & 16 else ())
            self.bounds(flags >> 2 & 3)


def lines_of(b):
    b.need(b.take(6) == b"COHO\1\0", "nothing of format version 1")
    kind = b.take(1)[0]
    b.need(kind & ~NAMELESS in (SNAPSHOT, SLICE), "neither a snapshot nor a slice")
    b.take(16 + 5 * 8), b.tag(1)
    conditions, permissions, scopes = (len(b.ascending(b.texts(b.count()))) for _ in range(3))
    for _ in range(scopes):
        b.numbers(scopes, b.count(64))
    roles = b.ascending([b.id() for _ in b.count()])
    for _ in roles:
        b.text(), b.numbers(permissions, b.count(10_000)), b.numbers(len(roles), b.count(64))
    ends = (len(roles), scopes + 2, conditions)
    groups = [b.id() for _ in b.count()]
    slugs, states = b.texts(groups), [b.tag(10) for _ in groups]
    b.need(len(set(groups)) == len(groups) and all(state & 3 < 3 for state in states), "a group twice, or in no state")
    facts = [(f"group {slug}", True, b.edges(len(groups))) for slug in slugs]
    users = b.ascending([b.id() for _ in b.count()])
    sizes = dict(zip(users, b.take(len(users))))
    b.need(all(size <= ROW_MOST or size == MORE for size in sizes.values()), "length of no row")
    told = {}
    for user in (user for user in users if sizes[user] != MORE):
        row = b.numbers(min(len(groups), ROW_GROUPS), range(sizes[user]))
        told[user] = (True, [(group, states[group] >> 2, "") for group in row])
    for user in (user for user in users if sizes[user] == MORE):
        flags = b.tag(3)
        b.take(16 if flags & 2 else 0)
        told[user] = (flags & 1 == 1, b.edges(len(groups)))
        b.grants(*ends)
    for _ in (None, *groups):
        b.grants(*ends)
    for _ in b.count():
        b.id(), b.grants(*ends)
    names = users if kind & NAMELESS else b.texts(users)
    if kind & ~NAMELESS == SLICE:
        b.need(len(users) == 1, "a slice of more or fewer than one user")
        b.ascending(b.texts(b.count()))
        scope = 0
        for _ in b.count():
            scope, _ = b.number(scope + 1, scopes + 2), b.tag(1)
    b.need(b.at == len(b.data), "bytes follow the last value")
    facts += [(f"user {name}", *told[user]) for name, user in zip(names, users)]
    for what, active, edges in facts:
        yield from (f"{what} in {slugs[group]} via {VIAS[via]}{spans}" for group, via, spans in edges)
        if not active:
            yield f"{what} inactive"


path = sys.argv[-1]
try:
    lines = sorted(lines_of(Reader(pathlib.Path(path).read_bytes())))
except (OSError, Malformed) as refusal:
    sys.exit(f"{path}: {refusal}")
sys.stdout.buffer.write("".join(line + "\n" for line in lines).encode())
