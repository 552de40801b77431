"""Policy files of other tenants into this one, as an administrator would bring them over: `perca tenant import`.

Promises that a policy is stored with the meaning of its file, or refused with the reason; that what had to be made or left out for
it is listed; and that the same placeholder always becomes the same group. Nothing is stored in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from perca.errors import BadInput
from perca.model import MFA_TRUSTED_IPS, PolicyId, UserId, fold, is_guid
from perca.tenant.apps import service_principal
from perca.tenant.errors import GraphError
from perca.tenant.guid import made_guid
from perca.tenant.json import Json
from perca.tenant.records import Writing
from perca.tenant.seed import Kind, kinds
from perca.tenant.store import Store
from perca.tenant.time import written
from perca.tenant.validity import APP_WORDS, LOCATION_WORDS, USER_WORDS, Checker, SchemaError
from perca.wire import decode, emit_policy, load, parse_cross_tenant, parse_policy, resources

MOST = 240


@dataclass(frozen=True, slots=True)
class Stored:
    """A policy that is in the tenant now."""

    where: str
    display_name: str
    id: PolicyId
    state: str


@dataclass(frozen=True, slots=True)
class NotStored:
    """A policy, or a whole file, that isn't, and why."""

    where: str
    display_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """Something that a policy names and that was made, empty, for it."""

    kind: str
    """`groups`, `namedLocations`, `strengths` or `servicePrincipals`."""
    id: str
    name: str
    """As the file names it."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import."""

    stored: tuple[Stored, ...]
    refused: tuple[NotStored, ...]
    made: tuple[Made, ...]
    excluded: tuple[UserId, ...]
    """The emergency accounts that every policy now excludes."""
    remarks: tuple[str, ...]
    """What was left out or read in a way that the file doesn't say."""


def import_files(
    store: Store, paths: Sequence[Path], *, create_missing: bool, exclude_emergency: bool
) -> ImportResult:
    """Stores the policies of the files and folders. BadInput when there is nothing to read, or nobody to exclude."""
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise BadInput("there is no policy file to import", "name JSON files, or folders that hold some")
    emergency = kinds(store).get(Kind.EMERGENCY, []) if exclude_emergency else []
    if exclude_emergency and not emergency:
        raise BadInput(
            "the tenant has no emergency accounts to exclude", "import into a tenant that was seeded"
        )
    done = _Import(create_missing, tuple(emergency))
    with store.writing() as now:
        for file in files:
            done.file(now, file)
    return ImportResult(
        tuple(done.stored),
        tuple(done.refused),
        tuple(done.made),
        tuple(emergency),
        tuple(dict.fromkeys(done.remarks)),
    )


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*.json") if file.is_file())
    elif path.exists():
        yield path
    else:
        raise BadInput(f"`{path}` is not there", "name a JSON file or a folder")


class _Refusal(Exception):
    """Why one policy can't be stored."""


@dataclass
class _Import:
    create_missing: bool
    emergency: tuple[UserId, ...]
    stored: list[Stored] = field(default_factory=list)
    refused: list[NotStored] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def file(self, now: Writing, file: Path) -> None:
        """Stores the policies of one file."""
        try:
            value = decode(load(file), str(file))
            trust = value.get("crossTenantAccess") if isinstance(value, dict) else None
            if isinstance(value, dict) and "users" in value:
                of_it = "its policies and its cross-tenant access" if trust else "only its policies"
                self.remarks.append(f"`{file}` holds more than policies; {of_it} are imported")
            parse_cross_tenant(trust)
            skus = _skus(value)
            found = list(resources(value, str(file)))
        except BadInput as error:
            self.refused.append(NotStored(str(file), "", error.message))
            return
        if isinstance(trust, dict):
            _bring_trust(now, trust)
        if skus is not None:
            _bring_licences(now, skus)
            self.remarks.append(f"`{file}` says which licences the tenant has")
        for where, resource in found:
            bringing = _Bringing(now, where, self.create_missing, self.emergency)
            name = ""
            try:
                body = emit_policy(parse_policy(resource))
                name = str(body.get("displayName", ""))
                with now.savepoint():
                    stored = bringing.policy(body)
            except SchemaError as error:
                self.refused.append(
                    NotStored(where, name, f"1007: `{error.where}` is missing or not what Graph takes")
                )
            except (_Refusal, BadInput, GraphError) as error:
                self.refused.append(NotStored(where, name, str(error)))
            else:
                self.stored.append(stored)
                self.made.extend(bringing.made)
                self.remarks.extend(bringing.remarks)


def _skus(value: object) -> list[Json] | None:
    """The `skus` of a snapshot, as Graph shows them; None where it has none."""
    skus = value.get("skus") if isinstance(value, dict) else None
    if skus is None:
        return None
    if not isinstance(skus, list) or not all(isinstance(each, dict) and each.get("id") for each in skus):
        raise BadInput("`skus` is no list of subscribed SKUs", "give what Graph answers, or leave it out")
    return skus


def _bring_licences(now: Writing, skus: list[Json]) -> None:
    """The licences of the file instead of those that were."""
    for each in now.all("skus"):
        now.remove("skus", str(each["id"]))
    for each in skus:
        now.put("skus", str(each["id"]), each, str(each.get("skuPartNumber")))


def _bring_trust(now: Writing, trust: Json) -> None:
    """Stores what the file says of cross-tenant access: the default, and the partners instead of those that were."""
    if trust.get("default"):
        now.put("crossTenantDefault", "default", trust["default"])
    if "partners" in trust:
        for partner in now.all("crossTenantPartners"):
            now.remove("crossTenantPartners", str(partner["tenantId"]))
        for partner in trust["partners"]:
            now.put("crossTenantPartners", str(partner["tenantId"]), partner)


@dataclass
class _Bringing:
    """One policy on its way: what its file names, found or made in this tenant."""

    now: Writing
    where: str
    create_missing: bool
    emergency: tuple[UserId, ...]
    made: list[Made] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def policy(self, body: Json) -> Stored:
        """Stores the policy."""
        if self.now.count("policies") >= MOST:
            raise _Refusal(f"the tenant already has {MOST} policies")
        checked = Checker(self.now, strict=False).policy(self._body(body))
        id = self.now.guid()
        dates = {"createdDateTime": written(self.now.now), "modifiedDateTime": None, "deletedDateTime": None}
        self.now.put("policies", id, {"id": id, **dates, **checked}, checked["displayName"])
        return Stored(self.where, checked["displayName"], PolicyId(id), checked["state"])

    def _body(self, body: Json) -> Json:
        """The policy with the ids of this tenant."""
        if body.get("state") is None:
            self.remarks.append(f"{self.where} has no state and is imported as disabled")
            body = {**body, "state": "disabled"}
        # An empty list where an object belongs says nothing; Graph has no other reading of it.
        conditions = {
            name: None if value == [] and name in _OBJECTS else value for name, value in _conditions(body)
        }
        if isinstance(users := conditions.get("users"), dict):
            conditions["users"] = self._users(users)
        if isinstance(apps := conditions.get("applications"), dict):
            conditions["applications"] = _each(apps, "Applications", self._app)
        if isinstance(places := conditions.get("locations"), dict):
            conditions["locations"] = _each(places, "Locations", self._location)
        grant = body.get("grantControls")
        if isinstance(grant, dict) and isinstance(strength := grant.get("authenticationStrength"), dict):
            grant = {**grant, "authenticationStrength": {"id": self._strength(strength)}}
        return {**body, "conditions": conditions, "grantControls": grant}

    def _users(self, users: Json) -> Json:
        made = _each(_each(users, "Groups", self._group), "Roles", self._role)
        made = _each(made, "Users", lambda entry: self._user(entry, required=False), sides=("exclude",))
        made = _each(made, "Users", lambda entry: self._user(entry, required=True), sides=("include",))
        made["excludeUsers"] = list(dict.fromkeys([*(made.get("excludeUsers") or []), *self.emergency]))
        return made

    def _user(self, entry: str, *, required: bool) -> str | None:
        if fold(entry) in USER_WORDS:
            return entry
        if is_guid(entry):
            if self.now.get("users", entry) is None:
                self.remarks.append(f"{self.where}: person `{entry}` is not in the tenant; the id stays")
            return fold(entry)
        if (held := self.now.find("users", entry)) is not None:
            return str(held["id"])
        if required:
            raise _Refusal(f"includeUsers names `{entry}`, who is not in the tenant")
        self.remarks.append(
            f"{self.where}: `{entry}` is nobody in the tenant and is left out of excludeUsers"
        )
        return None

    def _role(self, entry: str) -> str:
        if is_guid(entry):
            return fold(entry)
        if (held := self.now.find("roleDefinitions", entry)) is not None:
            return str(held["id"])
        raise _Refusal(f"`{entry}` is no role")

    def _group(self, entry: str) -> str:
        def body(name: str) -> Json:
            return {
                "deletedDateTime": None,
                "description": "Made by an import, without members",
                "displayName": name,
                "groupTypes": [],
                "isAssignableToRole": None,
                "mail": None,
                "mailEnabled": False,
                "mailNickname": _nickname(name),
                "membershipRule": None,
                "onPremisesSyncEnabled": None,
                "securityEnabled": True,
                "visibility": None,
            }

        return self._found_or_made("groups", "group", entry, body, key=lambda made: str(made["mailNickname"]))

    def _location(self, entry: str) -> str:
        def body(name: str) -> Json:
            kind = "#microsoft.graph.ipNamedLocation"
            return {"@odata.type": kind, "displayName": name, "isTrusted": False, "ipRanges": []}

        if fold(entry) in LOCATION_WORDS or fold(entry) == MFA_TRUSTED_IPS:
            return entry
        return self._found_or_made("namedLocations", "named location", entry, body)

    def _strength(self, sent: Json) -> str:
        """A strength that is missing allows what its file says of it: often nothing."""

        def body(name: str) -> Json:
            return {
                "displayName": str(sent.get("displayName") or name),
                "description": "Made by an import",
                "policyType": "custom",
                "requirementsSatisfied": "mfa",
                "allowedCombinations": list(sent.get("allowedCombinations") or []),
                "combinationConfigurations": [],
            }

        entry = sent.get("id")
        if not isinstance(entry, str):
            raise _Refusal("the authentication strength has no id")
        return self._found_or_made("strengths", "authentication strength", entry, body)

    def _app(self, entry: str) -> str:
        if fold(entry) in APP_WORDS:
            return entry
        id = fold(entry) if is_guid(entry) else made_guid(self.now.number, f"imported/app/{fold(entry)}")
        if self.now.find("servicePrincipals", id) is None:
            self._may_make("application", entry)
            owner, at = str(self.now.setting("tenantId")), written(self.now.now)
            app = service_principal(self.now.number, id, _plain(entry), owner, at)
            self.now.put("servicePrincipals", app["id"], app, id)
            self.made.append(Made("servicePrincipals", id, entry))
        return id

    def _found_or_made(
        self,
        kind: str,
        noun: str,
        entry: str,
        body: Callable[[str], Json],
        key: Callable[[Json], str] = lambda made: str(made["displayName"]),
    ) -> str:
        """The object's id: a GUID stays what it is, and the same placeholder always gives the same one."""
        id = fold(entry) if is_guid(entry) else made_guid(self.now.number, f"imported/{kind}/{fold(entry)}")
        if self.now.get(kind, id) is None:
            self._may_make(noun, entry)
            made = {"id": id, "createdDateTime": written(self.now.now), **body(_plain(entry))}
            self.now.put(kind, id, made, key(made))
            self.made.append(Made(kind, id, entry))
        return id

    def _may_make(self, noun: str, entry: str) -> None:
        if not self.create_missing:
            raise _Refusal(f"{noun} `{entry}` is not in the tenant")


_OBJECTS = frozenset(
    "users applications platforms locations devices clientApplications authenticationFlows".split()
)


def _conditions(body: Json) -> Iterable[tuple[str, Any]]:
    conditions = body.get("conditions")
    if not isinstance(conditions, dict):
        raise _Refusal("the policy has no conditions")
    return conditions.items()


def _each(
    part: Json, noun: str, bring: Callable[[str], str | None], sides: tuple[str, ...] = ("include", "exclude")
) -> Json:
    """The part with each entry of its lists brought over; None leaves an entry out."""
    made = dict(part)
    for name in (f"{side}{noun}" for side in sides):
        held = made.get(name)
        if isinstance(held, list):
            if not all(isinstance(entry, str) and entry.strip() for entry in held):
                raise _Refusal(f"{name} holds something that is no id")
            brought = (bring(entry) for entry in held)
            made[name] = [entry for entry in brought if entry is not None]
    return made


def _plain(entry: str) -> str:
    """A placeholder without its marks; an id as it is, said to be imported."""
    return (
        f"Imported {fold(entry)}" if is_guid(entry) else entry.strip().strip("<>%[]{}").strip() or "Imported"
    )


def _nickname(name: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name)[:64]
