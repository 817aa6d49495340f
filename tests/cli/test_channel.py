import io
import json

import pytest

from steward.channels.models import Channel, ChannelPerson, InboundEnvelope
from steward.cli import channel as commands
from steward.cli.main import REFUSED
from steward.core import clock
from steward.core.errors import Invalid, NotFound
from steward.ledger.models import Event
from tests.channels.email.desk import take
from tests.mail_servers import letter


@pytest.fixture
def made(cast, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("as_token=a1\nhs_token=h1\n"))
    commands.add(
        "matrix", "Console chat", ["homeserver_url=http://127.0.0.1:9", "server_name=chat.example", "quiet_seconds=5"], as_json=True
    )
    told = json.loads(capsys.readouterr().out)
    channel = Channel.objects.get(pk=told["channel"])
    assert told["address"].endswith(f"/channels/matrix/{channel.pk}")
    return channel


def test_a_channel_is_set_up_and_its_secrets_stand_nowhere_else(made, capsys):
    assert made.secrets == {"as_token": "a1", "hs_token": "h1"}
    assert made.settings["quiet_seconds"] == 5.0
    commands.show(as_json=True)
    said = capsys.readouterr().out
    assert json.loads(said)[0]["name"] == "Console chat"
    assert "a1" not in said
    assert not Event.objects.filter(payload__icontains="h1").exists()


@pytest.mark.parametrize("wrong", ["no equals", "=x", "quiet_seconds=soon"])
def test_a_setting_that_is_none_is_refused_in_words(cast, monkeypatch, wrong):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(Invalid):
        commands.add("matrix", "Chat", [wrong])
    assert not Channel.objects.filter(kind="matrix").exists()


def test_a_kind_there_is_not_and_a_channel_there_is_not_are_refused(cast, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(Invalid):
        commands.add("pigeon", "Post")
    with pytest.raises(NotFound):
        commands.retry(99)


def test_somebody_is_said_to_be_a_user(made, cast, capsys):
    commands.link(made.pk, "@ada:chat.example", cast.ada.email)
    assert ChannelPerson.objects.get(channel=made).user == cast.ada
    with pytest.raises(NotFound):
        commands.link(made.pk, "@x:chat.example", "nobody@desk.example")


def test_a_vendor_out_of_reach_is_said_and_ends_with_a_code(made, capsys):
    with pytest.raises(Exception) as ended:
        commands.check(made.pk)
    assert ended.value.exit_code == REFUSED
    assert "Connect" in capsys.readouterr().out


def test_what_was_parked_is_tried_again_and_a_channel_is_switched_off(made, capsys):
    InboundEnvelope.objects.create(
        channel=made, vendor_event_id="$1", raw={"a": 1}, received_at=clock.now(), problem="unreadable: x"
    )
    commands.retry(made.pk, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"parked": 1, "failed": 0}
    assert InboundEnvelope.objects.get(vendor_event_id="$1").problem == ""
    commands.change(made.pk, None, active=False)
    assert not Channel.objects.get(pk=made.pk).is_active


def test_of_e_mail_it_says_who_is_written_to_and_what_was_ignored(cast, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    commands.add("email", "Help", ["address=help@desk.example"])
    assert "People write to help@desk.example" in capsys.readouterr().out
    channel = Channel.objects.get(kind="email")
    take(channel, letter(sender="help@desk.example"), letter(Auto_Submitted="auto-replied"), letter(), at=clock.now())
    commands.show(as_json=True)
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["address"], told["ignored"]) == ("help@desk.example", {"loop": 1, "automatic": 1})
    commands.show()
    assert "loop: 1" in capsys.readouterr().out
