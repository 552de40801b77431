"""Findings as JUnit's XML, the form in which build servers read tests: a test case a kind.

A kind with findings that count fails; with such as aren't assessed, or are accepted, it is skipped and says why; else it passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as Xml

from perca.cli import words
from perca.cli.accepted import Accepted
from perca.cli.notice import Notice, in_words
from perca.cli.policy_files import Place
from perca.cli.printable import printable


def junit(
    command: str,
    kinds: Iterable[str],
    notices: Sequence[Notice],
    accepted: Accepted,
    places: Mapping[str, Place],
) -> str:
    """The document; a case for each of the `kinds`, found or not, and for any other that was found."""
    suite = Xml.Element("testsuite", name=f"perca {command}")
    for kind in dict.fromkeys((*kinds, *(each.kind for each in notices))):
        case = Xml.SubElement(suite, "testcase", classname=f"perca.{command}", name=in_words(kind))
        _fill(case, [each for each in notices if each.kind == kind], accepted, places)
    remarks = list(accepted.remarks(frozenset(each.id for each in notices)))
    if remarks:
        Xml.SubElement(suite, "system-out").text = "\n".join(map(printable, remarks))
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": 0,
        "skipped": len(suite.findall("testcase/skipped")),
    }
    root = Xml.Element("testsuites", name="perca")
    for element in (root, suite):
        element.attrib.update({name: str(count) for name, count in counts.items()})
    root.append(suite)
    Xml.indent(root)
    document: bytes = Xml.tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _fill(
    case: Xml.Element, alike: Sequence[Notice], accepted: Accepted, places: Mapping[str, Place]
) -> None:
    open_ = [each for each in alike if each.counts and accepted.of(each.id) is None]
    failing = [each for each in open_ if each.assessed]
    unsure = [each for each in open_ if not each.assessed]
    entries = [entry for each in alike if (entry := accepted.of(each.id)) is not None]
    if failing:
        found = words.counted(len(failing), "finding")
        failure = Xml.SubElement(
            case, "failure", type=failing[0].kind, message=printable(f"{found}: {failing[0].words}")
        )
        failure.text = "\n".join(_line(each, places) for each in failing)
    elif unsure:
        Xml.SubElement(case, "skipped", message=printable(f"not assessed: {unsure[0].words}"))
    elif entries:
        Xml.SubElement(case, "skipped", message=printable("; ".join(each.words for each in entries)))
    rest = [each for each in alike if each not in failing]
    said = [
        *(_line(each, places) for each in rest),
        *(printable(f"{each.id}: {each.words}") for each in entries),
    ]
    if said:
        Xml.SubElement(case, "system-out").text = "\n".join(said)


def _line(notice: Notice, places: Mapping[str, Place]) -> str:
    """Where, what, and its id."""
    found = next((places[each] for each in notice.policies if each in places), None)
    where = f"{found.path}:{found.line}: " if found is not None else ""
    return printable(f"{where}{notice.message}{f' [{notice.id}]' if notice.id else ''}")
