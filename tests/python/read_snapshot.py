"""Prints in sorted lines who is in which group, as a snapshot or the envelope of one says.

A second reader of the format, from docs/snapshot-format.md alone. It checks structure and numbers, but not how names
are spelled, the header, scopes, nor signatures. Status 1 and one line on standard error: the bytes were refused.
"""

import pathlib
import sys
import uuid

ENVELOPE_HEAD = 77
VIAS = ("manual", "scim", "rule")
CLASSES = ((0, 4), (5, 8), (9, 16), (17, 32), (33, 64))
ROW_GROUPS = 65_533
ALWAYS = [("", "")]


class Malformed(Exception):
    pass


class Reader:
    def __init__(self, data, at):
        self.data, self.at, self.value_at = data, at, at

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
        return tuple(str(found.pop(0)) if which & bit else "" for bit in (1, 2))

    def edges(self, groups):
        found, group = [], 0
        for _ in self.count():
            group, flags = self.number(group, groups), self.tag(6)
            spans = [self.bounds(self.tag(3)) for _ in self.count(16)] if flags & 4 else ALWAYS
            self.need(flags & 3 < 3 and spans and (spans != ALWAYS or flags < 4), "an edge that is none")
            found.append((group, flags & 3, spans))
        self.ascending([edge[:2] for edge in found])
        return found

    def grants(self, roles, scopes, conditions):
        for _ in self.count():
            self.id(), self.number(0, roles), self.number(0, scopes)
            flags = self.tag(31)
            self.numbers(conditions, self.count(64) if flags & 16 else ())
            self.bounds(flags >> 2 & 3)


def lines_of(b):
    b.need(b.take(7) == b"COHO\1\0\1", "no snapshot of format version 1")
    b.take(16 + 5 * 8), b.tag(1)
    conditions, permissions, scopes = (len(b.ascending(b.texts(b.count()))) for _ in range(3))
    for _ in range(scopes):
        b.numbers(scopes, b.count(64))
    roles = b.ascending([b.id() for _ in b.count()])
    for _ in roles:
        b.text(), b.numbers(permissions, b.count(10_000)), b.numbers(len(roles), b.count(64))
    ends = (len(roles), scopes + 2, conditions)
    groups = [b.id() for _ in b.count()]
    slugs, kinds = b.texts(groups), [b.tag(10) for _ in groups]
    b.need(all(kind & 3 < 3 for kind in kinds), "a group of unknown state")
    facts = [(f"group {slug}", True, b.edges(len(groups))) for slug in slugs]
    counts = [b.count() for _ in range(6)]
    users = [user for count in counts for user in b.ascending([b.id() for _ in count])]
    b.need(len(set(groups)) == len(groups) and len(set(users)) == len(users), "an id is there twice")
    rows = []
    for (fewest, most), count in zip(CLASSES, counts):
        for size in b.take(len(count)):
            b.need(fewest <= size <= most, f"row of {size} groups; expected {fewest} to {most}")
            row = b.numbers(min(len(groups), ROW_GROUPS), range(size))
            rows.append((True, [(group, kinds[group] >> 2, ALWAYS) for group in row]))
    for _ in counts[5]:
        flags = b.tag(3)
        b.take(16 if flags & 2 else 0)
        rows.append((flags & 1 == 1, b.edges(len(groups))))
        b.grants(*ends)
    for _ in (None, *groups):
        b.grants(*ends)
    for _ in b.count():
        b.id(), b.grants(*ends)
    names = b.texts(users) if b.tag(1) else users
    b.need(b.at == len(b.data), "bytes follow the last value")
    facts += [(f"user {name}", *row) for name, row in zip(names, rows)]
    for what, active, edges in facts:
        for group, via, spans in edges:
            bounds = "" if spans == ALWAYS else f" [{','.join('..'.join(span) for span in spans)}]"
            yield f"{what} in {slugs[group]} via {VIAS[via]}{bounds}"
        if not active:
            yield f"{what} inactive"


path = sys.argv[-1]
try:
    data = pathlib.Path(path).read_bytes()
    lines = sorted(lines_of(Reader(data, ENVELOPE_HEAD if data[:5] == b"COHE\1" else 0)))
except (OSError, Malformed) as refusal:
    sys.exit(f"{path}: {refusal}")
sys.stdout.reconfigure(encoding="utf-8")
sys.stdout.writelines(line + "\n" for line in lines)
