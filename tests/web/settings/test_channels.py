"""The channels' screens: set up by a form that its adapter describes, secrets never shown, what is stuck tried again or let go."""

import pytest

from steward.channels.actions.accounts import create_channel
from steward.channels.models import Channel, ChannelHealth, ChannelPerson, InboundEnvelope, Outgoing
from steward.channels.rules.raw import ERASED
from steward.core import clock
from steward.ledger.models import Event

VALUES = {
    "name": "Console chat",
    "homeserver_url": "http://127.0.0.1:9",
    "server_name": "chat.example",
    "bot": "steward",
    "quiet_seconds": "5",
    "as_token": "a-secret-of-ours",
    "hs_token": "a-secret-of-theirs",
}


@pytest.fixture
def admin(cast, client):
    client.force_login(cast.ana)
    return client


@pytest.fixture
def channel(cast):
    return create_channel(
        kind="matrix",
        name="Console chat",
        settings={"homeserver_url": "http://127.0.0.1:9", "server_name": "chat.example"},
        secrets={"as_token": "a-secret-of-ours", "hs_token": "a-secret-of-theirs"},
        by=cast.actor(cast.ana),
        at=cast.at,
    )


def parked(channel):
    return InboundEnvelope.objects.create(
        channel=channel, vendor_event_id="$1", raw={"words": "hush"}, received_at=clock.now(), problem="cannot be read"
    )


def failed(channel):
    return Outgoing.objects.create(
        channel=channel,
        key="k",
        kind="text",
        chat_id="!r",
        payload={"text": "hello"},
        state="failed",
        attempts=9,
        problem="not in this room",
        created_at=clock.now(),
        due_at=clock.now(),
    )


def test_a_channel_is_set_up_and_no_page_shows_its_secrets(admin):
    assert "Homeserver" not in admin.get("/settings/channels/").content.decode()
    assert "as_token" in admin.get("/settings/channels/new/matrix/").content.decode()
    answer = admin.post("/settings/channels/new/matrix/", VALUES)
    assert answer.status_code == 303, answer.content.decode()
    made = Channel.objects.get(kind="matrix")
    assert made.settings == {
        "homeserver_url": "http://127.0.0.1:9", "server_name": "chat.example", "bot": "steward", "quiet_seconds": 5, "triage_all": False
    }  # fmt: skip
    page = admin.get(f"/settings/channels/{made.pk}/").content.decode()
    assert "a-secret" not in page
    assert "It is set." in page
    assert f"/channels/matrix/{made.pk}" in page
    assert not Event.objects.filter(payload__icontains="a-secret").exists()


def test_an_empty_secret_leaves_the_one_there_is_and_a_new_one_replaces_it(admin, channel):
    admin.post(f"/settings/channels/{channel.pk}/about/", {**VALUES, "as_token": "", "hs_token": "another", "name": "Other"})
    channel.refresh_from_db()
    assert (channel.name, channel.secrets) == ("Other", {"as_token": "a-secret-of-ours", "hs_token": "another"})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"homeserver_url": "chat.example"}, "homeserver_url"), ({"server_name": ""}, "server_name"), ({"as_token": ""}, "as_token"),
     ({"quiet_seconds": "soon"}, "quiet_seconds"), ({"name": ""}, "name")],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(admin, wrong, field):
    answer = admin.post("/settings/channels/new/matrix/", {**VALUES, **wrong}, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert not Channel.objects.filter(kind="matrix").exists()


def test_a_kind_there_is_not_is_not_found(admin):
    assert admin.get("/settings/channels/new/pigeon/").status_code == 404
    assert admin.get("/settings/channels/new/portal/").status_code == 404


def test_the_list_says_how_each_fares(admin, channel):
    assert "On" in admin.get("/settings/channels/").content.decode()
    ChannelHealth.objects.create(channel=channel, failing_since=clock.now(), failures=1, problem="Connection refused")
    parked(channel)
    page = admin.get("/settings/channels/").content.decode()
    assert "Failing" in page
    assert "Connection refused" in admin.get(f"/settings/channels/{channel.pk}/").content.decode()
    admin.post(f"/settings/channels/{channel.pk}/active/", {})
    assert "Off" in admin.get("/settings/channels/").content.decode()


def test_a_channel_on_which_nobody_listens_says_so(admin, cast):
    made = create_channel(
        kind="lark", name="Help", settings={"app_id": "cli_1"}, secrets={"app_secret": "s"}, by=cast.actor(cast.ana), at=cast.at
    )
    assert "Nobody listens" in admin.get("/settings/channels/").content.decode()
    page = admin.get(f"/settings/channels/{made.pk}/").content.decode()
    assert "steward listen lark" in page
    ChannelHealth.objects.create(channel=made, listened_at=clock.now())
    assert "Nobody listens" not in admin.get("/settings/channels/").content.decode()


def test_a_vendor_out_of_reach_is_said_where_it_is_checked(admin, channel):
    answer = admin.post(f"/settings/channels/{channel.pk}/check/", HTTP_ACCEPT="application/json")
    assert answer.status_code == 409
    assert "Connect" in answer.json()["error"]["message"]


def test_what_was_parked_is_taken_in_again_or_let_go(admin, channel):
    one = parked(channel)
    came = one.received_at
    assert "cannot be read" in admin.get(f"/settings/channels/{channel.pk}/").content.decode()
    assert admin.post(f"/settings/channels/{channel.pk}/parked/{one.pk}/retry/").status_code == 303
    one.refresh_from_db()
    assert (one.problem, one.done_at, one.received_at) == ("", None, came)
    InboundEnvelope.objects.update(problem="cannot be read")
    admin.post(f"/settings/channels/{channel.pk}/parked/")
    one.refresh_from_db()
    assert one.problem == ""
    InboundEnvelope.objects.update(problem="cannot be read")
    assert admin.post(f"/settings/channels/{channel.pk}/parked/{one.pk}/drop/").status_code == 303
    one.refresh_from_db()
    assert (one.problem, one.raw) == ("", ERASED)
    assert one.done_at is not None
    assert admin.post(f"/settings/channels/{channel.pk + 99}/parked/{one.pk}/drop/").status_code == 404


def test_what_failed_is_sent_again_or_let_go(admin, channel):
    one = failed(channel)
    assert "not in this room" in admin.get(f"/settings/channels/{channel.pk}/").content.decode()
    assert admin.post(f"/settings/channels/{channel.pk}/failed/{one.pk}/retry/").status_code == 303
    one.refresh_from_db()
    assert one.state == "queued"
    assert admin.post(f"/settings/channels/{channel.pk}/failed/{one.pk}/retry/").status_code == 404
    Outgoing.objects.update(state="failed")
    admin.post(f"/settings/channels/{channel.pk}/failed/")
    one.refresh_from_db()
    assert one.state == "queued"
    Outgoing.objects.update(state="failed")
    assert admin.post(f"/settings/channels/{channel.pk}/failed/{one.pk}/drop/").status_code == 303
    one.refresh_from_db()
    assert (one.state, one.payload) == ("dropped", {})


def test_somebody_is_said_to_be_an_agent_and_no_longer(admin, channel, cast):
    person = ChannelPerson.objects.create(channel=channel, vendor_id="@ada:chat.example", name="Ada", created_at=cast.at)
    assert "@ada:chat.example" in admin.get(f"/settings/channels/{channel.pk}/").content.decode()
    admin.post(f"/settings/channels/{channel.pk}/people/", {"person": person.pk, "user": cast.ada.pk})
    person.refresh_from_db()
    assert person.user == cast.ada
    admin.post(f"/settings/channels/{channel.pk}/people/", {"person": person.pk, "user": ""})
    person.refresh_from_db()
    assert person.user is None
    assert admin.post(f"/settings/channels/{channel.pk}/people/", {"person": person.pk + 1, "user": ""}).status_code == 404
