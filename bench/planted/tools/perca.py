"""Perca, through its command line: a snapshot of the served tenant, and the regions of `perca prove`.

A region names at most a thousand people, and an answer at most twenty regions: where that isn't all, the same is asked again of the members
of each group, until everybody was asked about whom `perca status` doesn't call covered. What is said of external people, and of Microsoft's own portals and tools, is left out: no planted gap is about these.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from planted.claims import Answer, Claim
from planted.company import KIOSK, LOBBY
from planted.graph import Json
from planted.programs import Failed, perca, run, version
from planted.served import SECRET, Served
from planted.sign_ins import ANY_OTHER_APP, ANY_OTHER_COUNTRY, NO_COUNTRY, ORDINARY_DEVICE, Box, Values

_ANY_OTHER_APP = "0a0a0a0a-0000-4000-8000-00000000a221"
"""Stands in regions for every application that isn't named."""
_COUNTRIES = {"unknown": NO_COUNTRY, "ZZ": ANY_OTHER_COUNTRY}


class Perca:
    """Perca of the environment that runs the bench."""

    def __init__(self) -> None:
        self.name = f"perca prove {version()}"

    def ask(self, served: Served, values: Values, folder: Path) -> Answer:
        """Takes a snapshot by Graph, then proves."""
        return self.of(take(served, folder), values)

    def of(self, snapshot: Path, values: Values) -> Answer:
        """What it says of a snapshot."""
        return Answer(tuple(_claims(snapshot, values)))


def take(served: Served, folder: Path) -> Path:
    """A snapshot of the served tenant, with what only its operator knows."""
    settings, taken = folder / "mfa-settings.json", folder / "taken.snapshot.json"
    settings.write_text(json.dumps(served.mfa_settings), "utf-8")
    run(
        *(*perca(), "snapshot", "take", "--tenant", served.address),
        *("-o", str(taken), "--mfa-settings", str(settings)),
        env=os.environ | {"PERCA_SECRET": SECRET},
    )
    return taken


def _prove(snapshot: Path, who: str) -> Json:
    told = json.loads(run(*perca(), "prove", str(snapshot), "--who", who, "--json", ok=(0, 1, 3)))
    assert isinstance(told, dict)
    if told["regions"] == [] and told["notDecided"] is not None:
        raise Failed(f"perca did not decide: {told['notDecided']}")
    return told


def _claims(snapshot: Path, values: Values) -> Iterator[Claim]:
    told = _prove(snapshot, "all")
    if _is_whole(told):
        yield from (_claim(region, values) for region in told["regions"])
        return
    data = json.loads(snapshot.read_text("utf-8"))
    people = _not_covered(snapshot)
    left = set(people)
    for who, members in (*_groups(data, people), *((f"user:{each}", {each}) for each in sorted(people))):
        if members & left and _is_whole(of_them := _prove(snapshot, who)):
            left -= members
            yield from (_claim(region, values) for region in of_them["regions"])
    if left:
        raise Failed(f"perca names not everybody of {len(left)} people")


def _not_covered(snapshot: Path) -> set[str]:
    told = json.loads(run(*perca(), "status", str(snapshot), "--json", ok=(0, 1, 3)))
    return {each["id"] for each in told["people"] if each["mfa"] != "always"}


def _is_whole(told: Json) -> bool:
    """Whether the answer names every sign-in and everybody."""
    sides = [
        side for region in told["regions"] for side in region["conditions"].values() if isinstance(side, dict)
    ]
    return told["complete"] and all(len(side["ids"]) == side["count"] for side in sides if "ids" in side)


def _groups(data: Json, people: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Questions about the members of each group, the largest first, whom it holds directly."""
    groups = [(each["id"], {*each.get("members", ())} & people) for each in data["groups"]]
    yield from ((f"group:{id}", members) for id, members in sorted(groups, key=lambda each: -len(each[1])))


def _claim(region: Json, values: Values) -> Claim:
    conditions = region["conditions"]
    return Claim(
        frozenset(conditions["users"]["ids"]),
        tuple(_boxes(conditions, values)),
        assessed=region["assessed"],
        words=region["words"],
    )


def _boxes(conditions: Json, values: Values) -> Iterator[Box]:
    """The region as products of the sides that the bench knows."""
    sides: dict[str, frozenset[object]] = {}
    if "channels" in conditions:
        sides["channel"] = frozenset(
            (each["clientAppType"], each["devicePlatform"], each["authenticationFlow"])
            for each in conditions["channels"]
            if each["credential"] == "password"
        )
    if "applications" in conditions:
        ids = conditions["applications"]["ids"]
        sides["app"] = frozenset(ANY_OTHER_APP if each == _ANY_OTHER_APP else each for each in ids)
    if "devices" in conditions:
        sides["device"] = frozenset(map(_device, conditions["devices"]))
    for side, name in (("signInRisk", "signInRiskLevels"), ("userRisk", "userRiskLevels")):
        if name in conditions:
            sides[side] = frozenset(conditions[name])
    for network in conditions.get("networks", [conditions]):
        if not network.get("insideCorpnet") and not network.get("compliantNetwork"):
            yield values.box(sides | _network(network))


def _network(network: Json) -> dict[str, frozenset[object]]:
    """Addresses are told by the first one of each run: the bench's values are such first addresses."""
    sides: dict[str, frozenset[object]] = {}
    if "ipAddresses" in network:
        sides["address"] = frozenset(network["ipAddresses"]["startingAt"])
    if "countries" in network:
        sides["country"] = frozenset(_COUNTRIES.get(each, each) for each in network["countries"])
    return sides


def _device(told: Json) -> str:
    mark = str(told.get("extensionAttribute1") or "").casefold()
    return next((each for each in (KIOSK, LOBBY) if each.casefold() == mark), ORDINARY_DEVICE)
