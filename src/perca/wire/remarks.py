"""What is odd in a tenant and changes nothing: said beside the answer, so that nobody wonders."""

from __future__ import annotations

from perca.model import Group, GroupId, NotRead, ObjectId, Tenant


def remarks(tenant: Tenant) -> list[str]:
    """One line for each oddity: groups that contain themselves, directly or through others."""
    return [_about(tenant.groups[group]) for group in _self_containing(tenant)]


def _about(group: Group) -> str:
    name = f"`{group.display_name or group.id}`"
    if not isinstance(group.members, NotRead) and ObjectId(group.id) in group.members:
        return f"group {name} is a member of itself"
    return f"group {name} contains itself through other groups"


def _self_containing(tenant: Tenant) -> list[GroupId]:
    """The groups on a cycle, in order of their ids."""
    below = {key: _nested(tenant, group) for key, group in tenant.groups.items()}
    waiting = [key for key, inner in below.items() if not inner]
    above: dict[GroupId, set[GroupId]] = {key: set() for key in below}
    for key, inner in below.items():
        for each in inner:
            above[each].add(key)
    left = {key: len(inner) for key, inner in below.items()}
    while waiting:  # whatever contains only groups without a cycle below them is on no cycle
        done = waiting.pop()
        del left[done]
        for key in above[done]:
            left[key] -= 1
            if left[key] == 0:
                waiting.append(key)
    return sorted(key for key in left if _reaches(key, below, left))


def _nested(tenant: Tenant, group: Group) -> set[GroupId]:
    members = frozenset[str]() if isinstance(group.members, NotRead) else group.members
    return {inner for inner in map(GroupId, members) if inner in tenant.groups}


def _reaches(start: GroupId, below: dict[GroupId, set[GroupId]], within: dict[GroupId, int]) -> bool:
    waiting, seen = [*below[start]], set[GroupId]()
    while waiting:
        current = waiting.pop()
        if current == start:
            return True
        if current in within and current not in seen:
            seen.add(current)
            waiting += below[current]
    return False
