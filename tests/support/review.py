"""What the documents for reviewing tools must hold: the part of SARIF 2.1.0's schema that findings use, and JUnit's."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as Xml

Json = dict[str, Any]
LEVELS = {"none", "note", "warning", "error"}
KINDS = {"notApplicable", "pass", "fail", "review", "open", "informational"}


def sarif_run(text: str) -> Json:
    """The one run of a log; fails where the log isn't one of SARIF 2.1.0."""
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert set(log) == {"$schema", "version", "runs"}
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert all(isinstance(each["executionSuccessful"], bool) for each in run["invocations"])
    for each in run["results"]:
        _check_result(each, ids)
    return run  # type: ignore[no-any-return]


def _check_result(result: Json, ids: list[str]) -> None:
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["message"]["text"].strip()
    assert result["level"] in LEVELS
    assert result["kind"] in KINDS
    assert all(isinstance(each, str) and each for each in result.get("partialFingerprints", {}).values())
    for location in (*result["locations"], *result.get("relatedLocations", ())):
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"]
        assert " " not in physical["artifactLocation"]["uri"]
        assert physical["region"]["startLine"] >= 1
    for suppression in result.get("suppressions", ()):
        assert suppression["kind"] in {"inSource", "external"}
        assert suppression["status"] in {"accepted", "underReview", "rejected"}


def junit_cases(text: str) -> dict[str, str]:
    """What became of each case, by its name: passed, failed or skipped; fails where the counts are others."""
    root = Xml.fromstring(text)
    assert root.tag == "testsuites"
    (suite,) = root
    cases = {case.attrib["name"]: _end(case) for case in suite.findall("testcase")}
    assert len(cases) == len(suite.findall("testcase"))
    ends = list(cases.values())
    for element in (root, suite):
        told = {name: int(element.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
        counted = {"failures": ends.count("failed"), "skipped": ends.count("skipped")}
        assert told == {"tests": len(ends), "errors": 0, **counted}
    return cases


def _end(case: Xml.Element) -> str:
    assert case.attrib["classname"]
    tags = [each.tag for each in case if each.tag != "system-out"]
    assert tags in ([], ["failure"], ["skipped"])
    return {"failure": "failed", "skipped": "skipped"}[tags[0]] if tags else "passed"
