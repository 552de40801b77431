"""`survey`: a row for every file that was asked for, and no error whatever the files are."""

import gzip
import json
from pathlib import Path
from typing import Any

from perca.wire import NotReadable, Read, ReadInPart, survey

A = "aaaaaaaa-0000-4000-8000-00000000000a"
POLICY: dict[str, Any] = {
    "id": A,
    "displayName": "Require MFA",
    "state": "enabled",
    "conditions": {"users": {"includeUsers": ["All"]}, "applications": {"includeApplications": ["All"]}},
}
ODD = {**POLICY, "displayName": "Odd", "conditions": {**POLICY["conditions"], "times": {"x": 1}}}


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_each_file_has_its_row(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.json", [POLICY, POLICY])
    part = write(tmp_path / "part.json", {"value": [POLICY, ODD]})
    broken = write(tmp_path / "broken.json", json.dumps(POLICY)[:-5])
    rows = survey([whole, part, broken])
    assert rows[0] == Read(str(whole), 2)
    assert rows[1] == ReadInPart(str(part), 2, ('Odd: conditions.times {"x":1}',))
    assert isinstance(rows[2], NotReadable)
    assert "ends too early" in rows[2].reason
    assert rows[2].hint


def test_a_folder_gives_its_json_files_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.JSON", "a/y.txt", "LICENSE"):
        write(tmp_path / name, POLICY)
    (tmp_path / "c.json.gz").write_bytes(gzip.compress(json.dumps(POLICY).encode()))
    assert [Path(row.path).relative_to(tmp_path).as_posix() for row in survey([tmp_path])] == [
        "a/z.JSON",
        "b.json",
        "c.json.gz",
    ]


def test_what_is_named_itself_is_read_whatever_its_name(tmp_path: Path) -> None:
    (row,) = survey([write(tmp_path / "LICENSE", "MIT")])
    assert isinstance(row, NotReadable)


def test_a_path_that_gives_nothing_has_a_row_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    rows = survey([tmp_path / "empty", tmp_path / "nowhere"])
    assert [isinstance(row, NotReadable) and row.reason for row in rows] == [
        f"`{tmp_path / 'empty'}` holds no .json file",
        f"`{tmp_path / 'nowhere'}` can't be read: no such file or directory",
    ]


def test_a_snapshot_says_what_is_odd_and_what_it_lacks(tmp_path: Path) -> None:
    snapshot = {
        "format": "perca/snapshot/1",
        "users": [],
        "policies": [POLICY],
        "groups": [{"id": A, "displayName": "Staff", "members": [A]}],
        "namedLocations": [
            {"id": A, "displayName": "Here", "@odata.type": "#microsoft.graph.novelNamedLocation"},
            {"id": "c", "displayName": "Home", "countriesAndRegions": ["NO", "Utopia"]},
            {"id": "b", "displayName": "There", "ipRanges": ["x"]},
        ],
        "missing": [
            {"what": "users/x/authentication/requirements", "why": "403 Authorization_RequestDenied"}
        ],
    }
    (row,) = survey([write(tmp_path / "x.json", snapshot)])
    assert isinstance(row, ReadInPart)
    assert row.unrecognised == (
        "Here: novelNamedLocation",
        "Home: countriesAndRegions Utopia",
        "There: ipRanges x",
    )
    assert row.remarks == (
        "group `Staff` is a member of itself",
        "users/x/authentication/requirements could not be read: 403 Authorization_RequestDenied",
    )
