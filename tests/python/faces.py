"""Plays the worlds through the raw module or the component in wasmtime from Python.

    faces.py FACE WORLDS DIST RESULT

FACE is `raw` or `component`, WORLDS is what `cohort-asks` wrote, DIST holds the modules, RESULT is the file to write. Wrong
answers are printed, and end it with status 1.
"""

import sys
from importlib.metadata import version
from pathlib import Path

from component_face import Component
from raw_face import Raw
from worlds import Player

FACES = {"raw": (Raw, "cohort.wasm"), "component": (Component, "cohort.component.wasm")}


def main(name, worlds, dist, result):
    face, file = FACES[name]
    player = Player(worlds, face(Path(dist) / file)).play()
    player.write(result, "python", f"wasmtime {version('wasmtime')}", name)
    for failure in player.failures:
        print(failure)
    return 1 if player.failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in FACES:
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
