"""Runs the examples in Python of wasm/README.md, each as it stands there.

    examples.py README DIST SNAPSHOT

SNAPSHOT is the payload of one in which the examples' question is allowed.
"""

import re
import subprocess
import sys
from pathlib import Path

MODULES = {"raw": "cohort.wasm", "component": "cohort.component.wasm"}


def main(readme, dist, snapshot):
    marked = r"<!-- run by tests/python/examples.py -->\n```python\n(.*?)```"
    examples = re.findall(marked, Path(readme).read_text(), re.DOTALL)
    if len(examples) != len(MODULES):
        sys.exit(f"{readme} has {len(examples)} examples; expected {len(MODULES)}")
    failed = 0
    for (name, file), example in zip(MODULES.items(), examples):
        command = [sys.executable, "-c", example, str(Path(dist) / file), snapshot]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        is_right = done.returncode == 0 and done.stdout == "allow\n"
        failed += not is_right
        print("# pass 1" if is_right else f"# fail 1\nexample {name}: {done.stdout}{done.stderr}; expected allow")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
