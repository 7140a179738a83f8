#!/usr/bin/env python3
"""Runs scenarios of every verdict and holds the files of the report against their forms, and a replay against them."""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

RESET = "faults: [ { at: tls.client_hello, do: { reset: client } } ]\n"
SCENARIOS = {
    "good": RESET + "expect: { ends_at: tls.client_hello, ended_by: reset, who: proxy, mstsc: 0x904/0x7 }\n"
            "fixes: { repair: { action: 'say \"no\" & <go>', faults: [] } }\n",
    "bad": RESET + "expect: { ended_by: close }\n",
    "idle": "faults: [ { at: x224.confirm, nth: 9, do: { reset: client } } ]\nexpect: { ended_by: reset }\n",
    "elsewhere": RESET + "expect: { ended_by: reset }\nrequires: [ real-client ]\n",
    "late": "faults: [ { at: x224.confirm, do: { stall: forever } } ]\ntimeout: 4s\nexpect: { ended_by: reset }\n",
    "chance": "faults: [ { at: x224.request, probability: 0.5, do: { reset: client } } ]\nrepeat: 6\nexpect: { ended_by: reset }\n",
    "often": "faults: [ { at: x224.request, probability: 0.5, do: { reset: client } } ]\nrepeat: 30\n"
             "rate: { at_least: 0.2 }\nexpect: { ended_by: reset }\n",
    "told": "server: { negotiation_failure: 2 }\nexpect: { ended_by: { negotiation_failure: 2 }, who: server }\n",
}
VERDICTS = {  # of the fault arms; every control arm passes, but for the scenario that is skipped as a whole
    "good": "passed", "bad": "failed", "idle": "fault_not_fired", "elsewhere": "skipped", "late": "inconclusive",
    "chance": "passed", "often": "passed", "told": "passed",
}
TAGS = {"passed": None, "skipped": "skipped", "error": "error"}  # of JUnit; everything else is a failure


def run(program, scenarios, out):
    done = subprocess.run([program, "run", str(scenarios), "--out", str(out), "--format", "json", "--quiet"],
                          stdout=subprocess.PIPE, timeout=100, check=False)
    assert done.returncode == 1, f"exit status {done.returncode}: one scenario fails"
    results = json.loads((out / "results.json").read_text())
    assert json.loads(done.stdout) == results, "what is printed is what is written"
    return results


def check_verdicts(results):
    fault_arms = {arm["scenario"]: arm for arm in results["arms"] if arm["kind"] == "fault"}
    verdicts = {name: arm["verdict"] for name, arm in fault_arms.items()}
    assert verdicts == VERDICTS, {name: (arm["verdict"], arm["reasons"]) for name, arm in fault_arms.items()}
    for arm in results["arms"]:
        if arm["kind"] != "fault":
            expected = "skipped" if arm["scenario"] == "elsewhere" else "passed"
            assert arm["verdict"] == expected, (arm["scenario"], arm["arm"], arm["reasons"])
    assert len(fault_arms["chance"]["runs"]) == 6
    assert fault_arms["often"]["rate"]["runs"] == 30 and fault_arms["often"]["rate"]["answer"] == "holds"
    assert 0.2 < fault_arms["often"]["rate"]["interval"][0] < fault_arms["often"]["rate"]["interval"][1] < 0.9
    assert sum(results["totals"].values()) == len(results["arms"])


def check_addresses(results):
    """Every connection is somebody's, none is another's, nor is it its own way to the server."""
    met = [met for arm in results["arms"] for run in arm["runs"] for met in run.get("connections", [])]
    assert len({one["client"] for one in met}) == len(met) > 10, "ports of clients are used once in so short a time"
    assert all(one["client"].startswith("127.0.0.1:") and one.get("local") != one["client"] for one in met)
    assert all(one["accepted"][:13] >= results["started"][:13] and one["duration_us"] > 0 for one in met)


def check_junit(path, results):
    suites = list(xml.etree.ElementTree.parse(path).getroot())
    assert [suite.get("name") for suite in suites] == sorted(SCENARIOS)
    cases = {(case.get("classname").split(".")[-1], case.get("name")): case for s in suites for case in s.iter("testcase")}
    assert len(cases) == len(results["arms"])
    for arm in results["arms"]:
        case = cases[(arm["scenario"], arm["arm"])]
        expected = TAGS.get(arm["verdict"], "failure")
        assert [child.tag for child in case] == ([expected] if expected else []), (arm["scenario"], arm["arm"])
        if expected:
            assert case[0].get("message") == arm["reasons"][0]
    for suite in suites:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(suite.findall(f"testcase/{tag}"))


def main(program, schema_path):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "lab").mkdir()
        for name, text in SCENARIOS.items():
            (root / "lab" / f"{name}.yaml").write_text(f"name: {name}\nsummary: s\ncause: control\n{text}")
        results = run(program, root / "lab", root / "one")
        jsonschema.Draft202012Validator(schema).validate(results)
        check_verdicts(results)
        check_addresses(results)
        check_junit(root / "one" / "junit.xml", results)
        run(program, root / "lab", root / "two")
        logs = [(root / name / "decisions.jsonl").read_text() for name in ("one", "two")]
        assert logs[0] == logs[1], "a replay decides the same"
        decisions = [json.loads(line) for line in logs[0].splitlines()]
        assert any(line.get("action") == "reset" for line in decisions)
    print(f"{len(results['arms'])} arms, {len(decisions)} lines of decisions")


if __name__ == "__main__":
    main(*sys.argv[1:])
