"""Plays the worlds through the raw module and the component in wasmtime from Python.

    faces.py WORLDS DIST RESULTS

WORLDS is what `cohort-asks` wrote, DIST holds the modules, and a result file for each face goes to RESULTS. Wrong answers
are printed, and end it with status 1.
"""

import sys
from importlib.metadata import version
from pathlib import Path

from component_face import Component
from raw_face import Raw
from worlds import Player


def main(worlds, dist, results):
    good = []
    faces = {"raw": Raw(Path(dist) / "cohort.wasm"), "component": Component(Path(dist) / "cohort.component.wasm")}
    for name, face in faces.items():
        player = Player(worlds, face).play()
        player.write(Path(results) / f"wasmtime-python-{name}.json", "wasmtime-python", version("wasmtime"), name)
        for failure in player.failures:
            print(failure)
        print(f"wasmtime from Python, {name}: {player.worlds} folders, {player.asks} answers, {player.cases} refusals")
        good.append(not player.failures)
    print(f"# pass {good.count(True)}")
    print(f"# fail {good.count(False)}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
