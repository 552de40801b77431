"""The same decisions by Cedar and by Rego, in an environment of their own: reads JSON, writes what each says and its microseconds."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import cedarpy
import hobofan_regorus as regorus

Json = dict[str, Any]


def cedar(policies: list[Json], members: dict[str, list[str]], requests: list[Json]) -> tuple[Any, ...]:
    """One `permit` a policy; the answer's reasons are the policies that apply. Groups and roles are parents of the people."""
    texts = []
    for each in policies:
        parts = []
        if not each["everyone"]:
            parts.append(
                "(" + " || ".join([f'principal in Group::"{g}"' for g in each["groups"]] or ["false"]) + ")"
            )
        parts += [f'principal != User::"{user}"' for user in each["notUsers"]]
        parts += [f'!(principal in Group::"{group}")' for group in each["notGroups"]]
        if not each["allApps"]:
            parts.append(
                f"[{', '.join(json.dumps(a) for a in each['apps'])}].contains(context.app)"
                if each["apps"]
                else "false"
            )
        if not each["anyClient"]:
            parts.append(f"[{', '.join(json.dumps(c) for c in each['clients'])}].contains(context.client)")
        parts += [f'context.platform != "{platform}"' for platform in each["notPlatforms"]]
        if each["untrustedOnly"]:
            parts.append("!context.trusted")
        if each["risks"]:
            parts.append(f"[{', '.join(json.dumps(r) for r in each['risks'])}].contains(context.risk)")
        texts.append(f"permit(principal, action, resource) when {{ {' && '.join(parts or ['true'])} }};")
    handle = cedarpy.PolicySet.from_str("\n".join(texts))
    groups = sorted({group for held in members.values() for group in held})
    entities = [{"uid": {"type": "Group", "id": g}, "attrs": {}, "parents": []} for g in groups]
    entities += [
        {
            "uid": {"type": "User", "id": user},
            "attrs": {},
            "parents": [{"type": "Group", "id": g} for g in held],
        }
        for user, held in members.items()
    ]
    held = cedarpy.Entities.from_json_str(json.dumps(entities))
    asked = [
        {
            "principal": f'User::"{each["user"]}"',
            "action": 'Action::"signIn"',
            "resource": 'Tenant::"one"',
            "context": {k: each[k] for k in ("app", "client", "platform", "trusted", "risk")},
        }
        for each in requests
    ]

    def run() -> list[Any]:
        return [cedarpy.is_authorized(each, handle, held) for each in asked]

    def applying(answer: Any) -> list[str]:
        return sorted(policies[int(name.removeprefix("policy"))]["id"] for name in answer.diagnostics.reasons)

    return run, applying


REGO = """
package access
import rego.v1

held := {g | some g in data.members[input.user]}

applies contains policy.id if {
    some policy in data.policies
    about(policy)
    not input.user in policy.notUsers
    every g in policy.notGroups { not g in held }
    resource(policy)
    client(policy)
    not input.platform in policy.notPlatforms
    place(policy)
    risk(policy)
}

about(policy) if policy.everyone
about(policy) if { some g in policy.groups; g in held }
resource(policy) if policy.allApps
resource(policy) if input.app in policy.apps
client(policy) if policy.anyClient
client(policy) if input.client in policy.clients
place(policy) if not policy.untrustedOnly
place(policy) if not input.trusted
risk(policy) if count(policy.risks) == 0
risk(policy) if input.risk in policy.risks
"""


def rego(policies: list[Json], members: dict[str, list[str]], requests: list[Json]) -> tuple[Any, ...]:
    """One rule over all policies as data."""
    engine = regorus.Engine()
    engine.add_policy("access.rego", REGO)
    engine.add_data_json(json.dumps({"policies": policies, "members": members}))
    asked = [json.dumps(each) for each in requests]

    def run() -> list[Any]:
        found = []
        for each in asked:
            engine.set_input_json(each)
            found.append(engine.eval_rule("data.access.applies"))
        return found

    return run, sorted


def least(run: Callable[[], object], runs: int, each: int) -> float:
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) / each * 1e6


def main() -> None:
    told = json.load(sys.stdin)
    answers = {}
    for name, engine in (
        ("cedarpy, handles made once", cedar),
        ("hobofan-regorus, one rule over data", rego),
    ):
        run, applying = engine(told["policies"], told["members"], told["requests"])
        said = [applying(each) for each in run()]
        spent = least(run, min(told["runs"], 3), len(told["requests"]))
        answers[name] = {"microseconds": spent, "applying": said}
    json.dump(answers, sys.stdout)


main()
