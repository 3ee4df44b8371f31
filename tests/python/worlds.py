"""Leads a face through the worlds that `cohort-asks` wrote; the form of the files stands in tests/src/asks.rs.

A face has `open(payload)`, which gives a state, and `apply(state, payload)`; both raise `Refused`. What is not used any
more goes to `close(state)`, `None` too. The questions `ask`,
`explain`, `role` and `who` take a state, a `Question` and a moment, and give `None` where the face cannot ask them.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

# Bytes of an envelope before its payload; these faces leave the signature to their host.
ENVELOPE_BYTES = 4 + 1 + 8 + 64


class Refused(Exception):
    """The name of a refusal."""


@dataclass
class Question:
    user: str
    permission: str
    scope: str | None = None
    parent: str | None = None
    conditions: list = field(default_factory=list)
    at_least: int = 0
    of: str | None = None


def word(text):
    return "" if text == '""' else unquote(text)


def question(user, words):
    permission, *clauses = words
    asked = Question(word(user), word(permission))
    for clause, value in zip(clauses[::2], map(word, clauses[1::2]), strict=True):
        match clause:
            case "on":
                asked.scope = value
            case "in":
                asked.parent = value
            case "of":
                asked.of = value
            case "least":
                asked.at_least = int(value)
            case "with":
                asked.conditions.append(value)
            case _:
                raise ValueError(f"clause `{clause}`; expected `on`, `in`, `with`, `least` or `of`")
    return asked


def moment(text):
    try:
        return int(text)
    except ValueError:
        return round(datetime.fromisoformat(text).timestamp() * 1000)


def is_met(expected, found):
    """Whether the words of an answer that are told are those that were found."""
    decision, _, _ = expected.partition(": ")
    return found.split(" ")[: len(decision.split(" "))] == decision.split(" ")


class Player:
    def __init__(self, top, face):
        self.top, self.face = Path(top), face
        self.passed_over, self.failures, self.state = Counter(), [], None
        self.worlds = self.asks = self.cases = 0

    def play(self):
        for name in (self.top / "index").read_text().splitlines():
            self.folder, self.at = self.top / name, 0
            lines = (self.folder / "asks").read_text().splitlines()
            lines = [line for line in lines if line and not line.startswith("#")]
            if name == "envelope":
                self.passed_over["envelope"] += len(lines)
                continue
            self.worlds += 1
            for line in lines:
                problem = self.step(line)
                if problem is not None:
                    self.failures.append(f"{name}: {line}: {problem}")
        return self

    def payload(self, file):
        return (self.folder / word(file)).read_bytes()[ENVELOPE_BYTES:]

    def step(self, line):
        step, _, expected = line.partition(" = ")
        kind, *words = step.split(" ")
        match kind:
            case "at":
                self.at = moment(word(words[0]))
            case "open" | "apply":
                return self.bytes(kind, words[0], expected)
            case "ask" | "role":
                return self.question(kind, question(words[0], words[1:]), expected)
            case "who":
                return self.question(kind, question("", words), expected)
            case _:
                raise ValueError(f"step `{line}`; expected `at`, `open`, `apply`, `ask`, `role` or `who`")

    def bytes(self, kind, file, expected):
        self.cases += bool(expected)
        try:
            if kind == "open":
                opened = self.face.open(self.payload(file))
                self.face.close(self.state)
                self.state = opened
            else:
                self.face.apply(self.state, self.payload(file))
            found = ""
        except Refused as refusal:
            found = str(refusal)
        return None if found == expected else f"found `{found}`"

    def question(self, kind, asked, expected):
        if asked.of is None:
            return self.answered(kind, self.state, asked, expected)
        state = self.face.open(self.payload(asked.of))
        problem = self.answered(kind, state, asked, expected)
        self.face.close(state)
        return problem

    def answered(self, kind, state, asked, expected):
        found = getattr(self.face, kind)(state, asked, self.at)
        if found is None:
            self.passed_over[kind] += 1
            return None
        self.asks += 1
        if kind == "who":
            return None if found == expected.split() else f"found {found}"
        if not is_met(expected, found):
            return f"found {found}"
        outcome, _, detail = expected.partition(": ")
        if kind == "ask" and detail:
            said = self.face.explain(state, asked, self.at)
            if said != f"{outcome.split(' ')[0]}: {detail}":
                return f"explained as `{said}`"
        return None

    def write(self, path, runtime, version, face):
        result = {
            "runtime": runtime,
            "version": version,
            "face": face,
            "worlds": self.worlds,
            "asks": self.asks,
            "cases": self.cases,
            "passedOver": dict(self.passed_over),
            "failures": self.failures,
        }
        Path(path).write_text(json.dumps(result, indent=2))
