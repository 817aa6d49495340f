"""Channels set up and looked after by a program."""

from steward.channels.models import ChannelPerson, InboundEnvelope, Outgoing
from steward.core import clock

CHAT = {
    "kind": "matrix",
    "name": "Console chat",
    "settings": {"homeserver_url": "http://127.0.0.1:9", "server_name": "chat.example", "quiet_seconds": 5, "triage_all": True},
    "secrets": {"as_token": "a-secret", "hs_token": "a-secret"},
}


def test_a_channel_is_set_up_changed_and_checked(cast, program):
    ana = program(cast.ana)
    made = ana.post("/channels", CHAT)
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert (made.json()["secrets"], made.json()["settings"]["quiet_seconds"]) == (["as_token", "hs_token"], 5)
    read = ana.get(f"/channels/{number}")
    assert "a-secret" not in read.content.decode()
    changed = ana("PATCH", f"/channels/{number}", {"settings": {"bot": "help"}, "is_active": False}, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["settings"]["bot"], changed.json()["is_active"]) == (200, "help", False)
    assert ana("PATCH", f"/channels/{number}", {"name": "Late"}, If_Match=read["ETag"]).status_code == 412
    assert [one["name"] for one in ana.get("/channels").json()["items"]] == ["Console chat"]
    assert "Connect" in ana.post(f"/channels/{number}/check").json()["problem"]
    kinds = {one["kind"]: one["settings"] for one in ana.get("/channel-kinds").json()}
    assert {"matrix", "lark"} <= set(kinds)
    assert {one["name"] for one in kinds["matrix"] if one["is_needed"]} == {"homeserver_url", "server_name", "as_token", "hs_token"}


def test_what_cannot_be_is_refused_at_its_field(cast, program):
    ana = program(cast.ana)
    wrong = ana.post("/channels", {**CHAT, "settings": {**CHAT["settings"], "homeserver_url": "chat.example"}})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "homeserver_url")
    assert ana.post("/channels", {**CHAT, "secrets": {}}).json()["field"] == "as_token"
    assert ana.post("/channels", {**CHAT, "kind": "pigeon"}).json()["field"] == "kind"
    assert ana.post("/channels", {**CHAT, "settings": {"nothing": 1}}).json()["field"] == "nothing"


def test_what_is_stuck_is_listed_tried_again_and_let_go(cast, program):
    ana, now = program(cast.ana), clock.now()
    number = ana.post("/channels", CHAT).json()["id"]
    row = InboundEnvelope.objects.create(channel_id=number, vendor_event_id="$1", raw={}, received_at=now, problem="cannot be read")
    out = Outgoing.objects.create(
        channel_id=number, key="k", kind="text", chat_id="!r", state="failed", problem="no", created_at=now, due_at=now
    )
    assert ana.get(f"/channels/{number}/standing").json()["parked"] == 1
    (parked,), (failed,) = ana.get(f"/channels/{number}/parked").json(), ana.get(f"/channels/{number}/failed").json()
    assert (parked["id"], failed["id"], failed["problem"]) == (row.pk, out.pk, "no")
    assert ana.post(f"/channels/{number}/parked/{row.pk}/retry").json()["problem"] == ""
    InboundEnvelope.objects.update(problem="again")
    assert ana.post(f"/channels/{number}/parked/{row.pk}/drop").json()["problem"] == ""
    assert ana.post(f"/channels/{number}/failed/{out.pk}/retry").json() == {"count": 1}
    assert ana.post(f"/channels/{number}/failed/{out.pk}/drop").json() == {"count": 0}
    Outgoing.objects.update(state="failed")
    assert ana.post(f"/channels/{number}/failed/retry").json() == {"count": 1}
    Outgoing.objects.update(state="failed")
    assert ana.post(f"/channels/{number}/failed/{out.pk}/drop").json() == {"count": 1}


def test_somebody_is_said_to_be_a_user(cast, program):
    ana = program(cast.ana)
    number = ana.post("/channels", CHAT).json()["id"]
    made = ana.post(f"/channels/{number}/people", {"vendor_id": "@ada:chat.example", "user_id": cast.ada.pk})
    assert (made.status_code, made.json()["user_id"]) == (201, cast.ada.pk)
    assert ana("PATCH", f"/channel-people/{made.json()['id']}", {"user_id": None}).json()["user_id"] is None
    assert [one["vendor_id"] for one in ana.get(f"/channels/{number}/people").json()["items"]] == ["@ada:chat.example"]
    assert ChannelPerson.objects.get().user is None


def test_only_who_sets_channels_up_sees_and_does_any_of_it(cast, program):
    ana, ada = program(cast.ana), program(cast.ada)
    number = ana.post("/channels", CHAT).json()["id"]
    assert ada.get("/channels").status_code == 403
    assert ada.get("/channel-kinds").status_code == 403
    assert ada.post("/channels", {**CHAT, "name": "Mine"}).status_code == 403
    for path in (f"/channels/{number}", f"/channels/{number}/standing", f"/channels/{number}/parked", f"/channels/{number}/people"):
        assert ada.get(path).status_code == 404, path
    assert ada.post(f"/channels/{number}/failed/retry").status_code == 404
    assert ana.get(f"/channels/{number + 99}").status_code == 404
