"""Runs the public testers of SCIM servers, scim2-tester and scim-sanity, against a server of this project.

    scim_testers.py COHORT    the path of the program `cohort`

The server is started on a fresh folder and a port of its own, on loopback. Each tester gets a connection of its own
in the dialect that a new connection has. Every result that is no success is printed; the last lines count them as
Node's test runner does: `# pass N`, `# fail N`. Nothing that a tester says is left out: a word that is not known here
counts as a failure, and so does a tester that says less than it did when this was written.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ORG = "acme"
BIN = Path(sys.executable).parent
SECONDS_MAX = 300

# What `scim2 test` says of one check, at the beginning of a line. A deviation is a SHOULD that is not followed.
VERDICT = re.compile(r"^([A-Z]+) ([a-z0-9_]+)$", re.MULTILINE)
GOOD = {"SUCCESS", "COMPLIANT", "ACCEPTABLE"}

# A tester that stops early must not look like one that found nothing.
SCIM2_RESULTS_MIN = 125
SANITY_RESULTS_MIN = 28


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_MAX, **options)


def cohort(program, *arguments):
    done = run([program, *arguments])
    if done.returncode != 0:
        sys.exit(f"cohort {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def token(program, folder, connection):
    return cohort(
        program, "token", "--data", folder, "--org", ORG, "--for", "scim", "--connection", connection
    )


def scim2_tester(url, secret):
    """What scim2-tester finds, as (good, bad, skipped)."""
    environment = {**os.environ, "SCIM_CLI_HEADERS": f"Authorization: Bearer {secret}"}
    # Its status is no use: it is 1 as soon as a check was skipped.
    done = run([BIN / "scim2", "--url", url, "test"], env=environment)
    verdicts = list(VERDICT.finditer(done.stdout))
    good = bad = skipped = 0
    ends = [verdict.start() for verdict in verdicts[1:]] + [len(done.stdout)]
    for verdict, end in zip(verdicts, ends):
        if verdict[1] in GOOD:
            good += 1
            continue
        bad += verdict[1] != "SKIPPED"
        skipped += verdict[1] == "SKIPPED"
        print(f"scim2-tester: {done.stdout[verdict.start():end].strip()}")
    if len(verdicts) < SCIM2_RESULTS_MIN:
        bad += 1
        print(f"scim2-tester: {len(verdicts)} results; expected at least {SCIM2_RESULTS_MIN}")
        print(done.stdout[-2000:], done.stderr[-2000:], sep="\n")
    return good, bad, skipped


def scim_sanity(url, secret):
    """What scim-sanity finds in its strict mode, as (good, bad, skipped)."""
    probe = [BIN / "scim-sanity", "probe", url, "--token", secret, "--strict"]
    done = run([*probe, "--json-output", "--i-accept-side-effects"])
    try:
        results = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        print("scim-sanity: no results", done.stdout[-2000:], done.stderr[-2000:], sep="\n")
        return 0, 1, 0
    good = bad = skipped = 0
    for result in results:
        if result["status"] == "pass":
            good += 1
            continue
        bad += result["status"] != "skip"
        skipped += result["status"] == "skip"
        print(f"scim-sanity: {result['status']} {result['name']}: {result.get('message', '')}")
    if len(results) < SANITY_RESULTS_MIN:
        bad += 1
        print(f"scim-sanity: {len(results)} results; expected at least {SANITY_RESULTS_MIN}")
    return good, bad, skipped


def main(program):
    testers = {"scim2-tester": scim2_tester, "scim-sanity": scim_sanity}
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="cohort-testers-") as scratch:
        folder = f"{scratch}/data"
        cohort(program, "init", "--data", folder, "--org", ORG)
        serve = [program, "serve", "--data", folder, "--listen", "127.0.0.1:0"]
        with open(f"{scratch}/log", "w") as log:
            server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            address = server.stdout.readline().removeprefix("listening on ").strip()
            if not address:
                sys.exit(f"cohort serve: {Path(log.name).read_text().strip()}")
            for name, tester in testers.items():
                url = f"{address}/orgs/{ORG}/scim/v2"
                good, bad, skipped = tester(url, token(program, folder, name))
                print(f"{name}: {good} passed, {bad} failed, {skipped} skipped")
                passed, failed = passed + good, failed + bad
        finally:
            server.kill()
            server.wait()
    print(f"# pass {passed}\n# fail {failed}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
