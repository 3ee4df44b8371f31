"""The component in wasmtime from Python, written from wasm/wit/cohort.wit alone.

Each question by name is also asked by what was looked up; an answer that is another then is no answer.
"""

import wasmtime
from wasmtime import component
from worlds import Refused

ACCESS = "cohort:decisions/access@1.0.0"
LATER = "revision_not_reached"
PAGE_USERS = 100


def record(**fields):
    made = component.Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


def name(text):
    return text.replace("-", "_")


def told(answer):
    outcome, until = answer.outcome, getattr(answer, "valid-until")
    reason = name(outcome.payload) if outcome.payload else "-"
    return f"{outcome.tag} {reason} {answer.revision} {until}"


class Component:
    """Each state has an instance of its own."""

    def __init__(self, path):
        self.engine = wasmtime.Engine()
        self.component = component.Component.from_file(self.engine, str(path))

    def open(self, payload):
        state = State(self)
        state.it = state.call("[static]state.open", payload)
        return state

    def apply(self, state, payload):
        state.call("[method]state.apply", state.it, payload)

    def close(self, state):
        """An instance that nobody refers to is gone."""

    def asked(self, asked, at):
        return record(
            subject=asked.user,
            permission=asked.permission,
            scope=asked.scope,
            parent=asked.parent,
            at=at,
            at_least=asked.at_least,
            conditions=asked.conditions,
        )

    def ask(self, state, asked, at):
        found = told(state.call("[method]state.decide", state.it, self.asked(asked, at)))
        if f" {LATER} " in found:
            return found
        try:
            looked_up = state.looked_up(asked, at)
        except Refused:
            return found
        if looked_up is None:
            return found
        for answer in [
            state.call("[method]state.check", state.it, looked_up),
            *state.call("[method]state.check-many", state.it, [looked_up]),
        ]:
            if told(answer) != found:
                return f"{found}, but {told(answer)} by handle"
        return found

    def explain(self, state, asked, at):
        return state.call("[method]state.explain", state.it, self.asked(asked, at))

    def role(self, state, asked, at):
        user = state.call("[method]state.user", state.it, asked.user)
        place, conditions = state.placed(asked)
        check = record(user=user, role=asked.permission, place=place, conditions=conditions, at=at)
        return told(state.call("[method]state.has-role", state.it, check))

    def who(self, state, asked, at):
        permission = state.call("[method]state.permission", state.it, asked.permission)
        place, conditions = state.placed(asked)
        what = record(permission=permission, place=place, conditions=conditions, at=at)
        users, after = [], None
        while True:
            page = state.call("[method]state.who-can", state.it, what, after, PAGE_USERS)
            users, after = users + page.users, page.next
            if after is None:
                return users


class State:
    def __init__(self, face):
        self.store = wasmtime.Store(face.engine)
        # The linker is empty: a component that imports something does not start.
        self.instance = component.Linker(face.engine).instantiate(self.store, face.component)
        self.access = self.instance.get_export_index(self.store, ACCESS)
        self.functions = {}

    def call(self, function, *arguments):
        """The result of a function; its error is raised."""
        if function not in self.functions:
            index = self.instance.get_export_index(self.store, function, self.access)
            self.functions[function] = self.instance.get_func(self.store, index)
        found = self.functions[function](self.store, *arguments)
        self.functions[function].post_return(self.store)
        if isinstance(found, component.Variant):
            if found.tag == "err":
                raise Refused(name(found.payload.code))
            return found.payload
        if isinstance(found, component.Record) and hasattr(found, "code"):
            raise Refused(name(found.code))
        return found

    def placed(self, asked):
        place = self.call("[method]state.place", self.it, asked.scope or "org", asked.parent)
        return place, self.call("[method]state.conditions", self.it, asked.conditions)

    def looked_up(self, asked, at):
        """The question by what was looked up; none where somebody or something is not known."""
        if asked.scope == "":
            return None
        user = self.call("[method]state.user", self.it, asked.user)
        permission = self.call("[method]state.permission", self.it, asked.permission)
        if user is None or permission is None:
            return None
        place, conditions = self.placed(asked)
        return record(user=user, permission=permission, place=place, conditions=conditions, at=at)
