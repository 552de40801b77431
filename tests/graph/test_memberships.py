"""Members are read whole or not at all; adding and removing twice is the same as once."""

import json
import re

import pytest

from perca.errors import PercaError, Refused, RemoteFailed
from perca.graph.memberships import Members, members_of
from perca.model import NotRead

USER, GROUP, DEVICE = ("#microsoft.graph." + kind for kind in ("user", "group", "device"))


class Directory:
    """A group as Graph keeps it: a PATCH is all or nothing, and refuses somebody who is in already."""

    def __init__(self, service, reply, refuse, members=()):
        self.members = list(members)
        self.reply, self.refuse = reply, refuse
        self.unknown = set()
        service.on("GET", "/v1.0/groups/g/members", lambda _: self.rows())
        service.on("PATCH", "/v1.0/groups/g", self.bind)
        service.on("POST", r"/v1.0/groups/g/members/\$ref", self.reference)
        service.on("DELETE", r"/v1.0/groups/g/members/[^/]+/\$ref", self.drop)

    def rows(self):
        return self.reply({"value": [{"@odata.type": USER, "id": id} for id in self.members]})

    def bind(self, request):
        ids = [url.rsplit("/", 1)[1] for url in json.loads(request.body)["members@odata.bind"]]
        assert len(ids) <= 20
        return self.add(ids)

    def reference(self, request):
        return self.add([json.loads(request.body)["@odata.id"].rsplit("/", 1)[1]])

    def add(self, ids):
        if set(ids) & set(self.members):
            return self.refuse(400, "Request_BadRequest", "One or more added object references already exist")
        if set(ids) & self.unknown:
            return self.refuse(404, "Request_ResourceNotFound")
        self.members += ids
        return self.reply(status=204)

    def drop(self, request):
        id = re.search(r"/members/([^/]+)/", request.url)[1]
        if id not in self.members:
            return self.refuse(404, "Request_ResourceNotFound")
        self.members.remove(id)
        return self.reply(status=204)


PEOPLE = [f"u{number}" for number in range(45)]


def test_forty_five_are_added_twenty_at_a_time_in_this_root(service, reply, refuse, run):
    group = Directory(service, reply, refuse)
    run(service.directory.add_members("g", PEOPLE))
    assert group.members == PEOPLE
    patches = [asked.body["members@odata.bind"] for asked in service.asked if asked.method == "PATCH"]
    assert [len(some) for some in patches] == [20, 20, 5]
    assert patches[0][0] == "https://graph.example/v1.0/directoryObjects/u0"


def test_adding_again_adds_nobody_and_asks_for_nothing(service, reply, refuse, run):
    group = Directory(service, reply, refuse, PEOPLE)
    run(service.directory.add_members("g", PEOPLE))
    assert group.members == PEOPLE
    assert [asked.method for asked in service.asked] == ["GET"]


def test_a_killed_run_is_finished(service, reply, refuse, run):
    group = Directory(service, reply, refuse, PEOPLE[:27])
    run(service.directory.add_members("g", PEOPLE))
    assert sorted(group.members) == sorted(PEOPLE)


def test_somebody_added_in_between_does_not_keep_the_others_out(service, reply, refuse, run):
    group = Directory(service, reply, refuse)
    first = group.rows

    def stale():
        answer = first()
        group.members.append("u3")  # by another administrator, after the list was made
        group.rows = first
        return answer

    group.rows = stale
    run(service.directory.add_members("g", PEOPLE[:20]))
    assert sorted(group.members) == sorted(PEOPLE[:20])


def test_members_that_cannot_be_read_are_added_all_the_same(service, reply, refuse, run):
    group = Directory(service, reply, refuse, ["u1"])
    group.rows = lambda: refuse(403, "Authorization_RequestDenied")
    with pytest.raises(Refused):
        run(service.directory.add_members("g", ["u1", "u2"]))
    group.rows = Directory.rows.__get__(group)
    run(service.directory.add_members("g", ["u1", "u2"]))
    assert group.members == ["u1", "u2"]


def test_a_group_created_just_now_may_be_404_for_a_while(service, reply, refuse, run):
    service.on("GET", "/v1.0/groups/g/members", refuse(404, "Request_ResourceNotFound"))
    service.on("PATCH", "/v1.0/groups/g", refuse(404), refuse(404), reply(status=204))
    run(service.directory.add_members("g", ["u1"]))
    assert [asked.method for asked in service.asked] == ["GET", "PATCH", "PATCH", "PATCH"]


def test_a_person_who_is_gone_is_an_error(service, reply, refuse, run):
    group = Directory(service, reply, refuse)
    group.unknown = {"u2"}
    with pytest.raises(PercaError) as caught:
        run(service.directory.add_members("g", ["u1", "u2"]))
    assert caught.value.exit_code == 3
    assert group.members == []


def test_removing_takes_the_membership_and_never_the_person(service, reply, refuse, run):
    group = Directory(service, reply, refuse, PEOPLE)
    run(service.directory.remove_members("g", [*PEOPLE[:30], "stranger"]))
    assert group.members == PEOPLE[30:]
    urls = [part["url"] for asked in service.asked for part in asked.body["requests"]]
    assert len(urls) == 31
    assert all(re.fullmatch(r"/groups/g/members/[^/]+/\$ref", url) for url in urls)


def test_a_removal_that_is_refused_or_left_out_is_an_error(service, reply, refuse, run):
    service.on("DELETE", ".*", refuse(403, "Authorization_RequestDenied"))
    with pytest.raises(PercaError, match="403 Authorization_RequestDenied") as caught:
        run(service.directory.remove_members("g", ["u1"]))
    assert "Group.ReadWrite.All" in caught.value.hint
    service.on("POST", r"/v1.0/\$batch", reply({"responses": []}))
    with pytest.raises(RemoteFailed, match="not answered"):
        run(service.directory.remove_members("g", ["u1"]))


def test_members_are_people_and_groups_and_who_is_not_told_may_be_either(service, reply, run):
    rows = [
        {"@odata.type": USER, "id": "U1"},
        {"@odata.type": GROUP, "id": "g2"},
        {"@odata.type": DEVICE, "id": "d1"},
        {"id": "x1"},
        {"@odata.type": USER, "id": "u1"},
    ]
    assert members_of(rows) == Members(("u1", "g2", "x1"), frozenset({"g2", "x1"}), ("d1",))
    service.on("GET", "/v1.0/groups/g/members", reply({"value": rows}))
    assert run(service.directory.members("g")) == {"u1", "g2", "x1"}


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": ""}, {"id": 7}])
def test_a_member_without_an_id_leaves_all_unread(row):
    assert isinstance(members_of([{"@odata.type": USER, "id": "u1"}, row]), NotRead)


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_refused_members_are_unread_and_not_nobody(service, refuse, run, status):
    service.on("GET", "/v1.0/groups/g/members", refuse(status, "Some_Code"))
    assert run(service.directory.members("g")) == NotRead(f"{status} Some_Code")


def test_a_refused_second_page_leaves_all_unread(service, reply, refuse, run):
    link = "https://graph.example/v1.0/groups/g/members?$skiptoken=2"
    service.on(
        "GET",
        "/v1.0/groups/g/members",
        reply({"value": [{"@odata.type": USER, "id": "u1"}], "@odata.nextLink": link}),
        refuse(403),
    )
    assert run(service.directory.members("g")) == NotRead("403")
