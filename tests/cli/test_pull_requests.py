"""docs/guide/pull-requests.md and the example workflow: each command in them runs, in a folder such as they describe."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from perca.cli.accepted import accepted_in
from perca.ports import VirtualClock
from support.program import CLEAN, PROGRAM, Json, program
from support.review import junit_cases, sarif_run

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = DOCS / "guide" / "pull-requests.md"
WORKFLOW = DOCS / "example" / "policies.workflow.yml"


def commands(page: Path) -> list[str]:
    """Each command of ours, in order."""
    return [
        line.strip() for line in page.read_text("utf-8").splitlines() if line.strip().startswith("perca ")
    ]


def asking(page: Path) -> list[str]:
    return [each for each in commands(page) if re.match(r"perca (diff|gaps|lockouts) ", each)]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a change: a policy about Sales is about browsers alone, where it was about all clients."""
    root = tmp_path_factory.mktemp("repository")
    assert program("tenant", "seed", "--people", "60", "--seed", "3", "--db", root / "tenant.db").code == 0
    first, second, *_ = commands(GUIDE)
    for each in (first, second):
        done = run(each, root)
        assert done.returncode == 0, done.stderr
    (root / "before").mkdir()
    shutil.copytree(root / "policies", root / "before" / "policies")
    changed = next((root / "policies").glob("CA003*.json"))
    policy = json.loads(changed.read_text("utf-8"))
    policy["conditions"]["clientAppTypes"] = ["browser"]
    changed.write_text(json.dumps(policy, indent=2), "utf-8")
    (root / "accepted").mkdir()
    for name in ("diff", "gaps"):
        nothing = {"format": "perca/accepted/1", "accepted": []}
        (root / "accepted" / f"{name}.json").write_text(json.dumps(nothing), "utf-8")
    other = gzip.compress(json.dumps(elsewhere(root)).encode())
    (root / "other.json.gz").write_bytes(other)
    return root


def elsewhere(root: Path) -> Json:
    """The same names in another tenant: people, groups and places have other ids there."""
    text = gzip.decompress((root / "directory.json.gz").read_bytes()).decode()
    held = json.loads(text)
    own = [each["id"] for kind in ("users", "groups", "namedLocations") for each in held[kind]]
    for id in own:
        text = text.replace(id, str(uuid.uuid5(uuid.NAMESPACE_OID, id)))
    return json.loads(text)  # type: ignore[no-any-return]


def expected(command: str) -> int:
    """In the invented company less is asked for, and a strength is asked for that somebody can't meet."""
    return 1


def run(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Runs it as a shell would, in that folder."""
    named = {f"EMERGENCY_{n}": f"emergency{n}@lumeninstruments3.onmicrosoft.com" for n in (1, 2)}
    environment = CLEAN | named | {"TENANT": "tenant.db"}
    environment["PATH"] = f"{PROGRAM.parent}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        ["sh", "-c", command],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("command", asking(GUIDE)[:3])
def test_the_three_questions_find_what_the_change_does(repository: Path, command: str) -> None:
    done = run(command, repository)
    assert (done.returncode, done.stderr) == (expected(command), "")
    assert "CA003" in done.stdout or "lockouts" in command


def test_the_workflow_asks_as_the_guide_does() -> None:
    assert asking(WORKFLOW) == asking(GUIDE)[3:6]
    assert len(commands(WORKFLOW)) == 3


@pytest.mark.parametrize("command", asking(WORKFLOW))
def test_the_documents_are_what_tools_read(repository: Path, command: str) -> None:
    done = run(command, repository)
    assert (done.returncode, done.stdout, done.stderr) == (expected(command), "", "")
    document = (repository / command.rpartition(" ")[2]).read_text("utf-8")
    if "--as junit" in command:
        assert set(junit_cases(document).values()) == {"failed", "passed", "skipped"}
        return
    found = sarif_run(document)["results"]
    assert {each["kind"] for each in found} >= {"fail"}
    files = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in found]
    assert any(each.startswith("policies/CA003") for each in files)


def test_into_another_tenant(repository: Path) -> None:
    first, second = (each for each in commands(GUIDE) if "other" in each)
    assert run(first, repository).returncode == 0
    done = run(second, repository)
    assert done.returncode == 1
    assert "CA003" in done.stdout
    shutil.rmtree(repository / "other-policies")
    unchanged = first.replace("import policies", "import before/policies")
    assert run(unchanged, repository).returncode == 0
    done = run(second, repository)
    assert (done.returncode, done.stdout.startswith("Holds")) == (0, True)
    shutil.rmtree(repository / "other-policies")


def test_every_command_of_the_guide_is_run_here() -> None:
    others = [each for each in commands(GUIDE) if each not in asking(GUIDE)]
    assert len(asking(GUIDE)) == 7
    assert [each.split()[1:3] for each in others] == [
        ["snapshot", "take"],
        ["policies", "export"],
        ["policies", "import"],
    ]


def test_the_file_of_accepted_findings_is_read(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "accepted.json").write_text(shown, "utf-8")
    held = accepted_in(tmp_path / "accepted.json", VirtualClock())
    assert held.of("0f5c1d2e3b4a5968") is not None
