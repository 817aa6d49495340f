"""The connection of Socket Mode, with the vendor's own library at this end and its envelopes at the other."""

import contextlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import websockets.exceptions
import websockets.sync.server
from django.db import OperationalError

from steward.channels.contract import Later, Refused
from steward.channels.slack.carrier import Slack
from tests.channels.slack.events import account, message, tap
from tests.site import wait_for
from tests.slack_server import APP_TOKEN, Workspace


class Line:
    def __init__(self, cursor: str = "") -> None:
        self.cursor = cursor
        self.kept, self.wells, self.falls, self._stop = [], 0, [], threading.Event()

    def keep(self, arrivals, *, cursor=None):
        if self.falls and arrivals:
            raise self.falls.pop()
        self.kept += [one.event_id for one in arrivals]
        self.cursor = cursor or self.cursor
        return len(arrivals)

    def well(self):
        self.wells += 1

    def stopped(self, *, within=0):
        return self._stop.wait(within)

    def stop(self):
        self._stop.set()


class Wire:
    """The vendor's end: sends envelopes, keeps which were acknowledged."""

    def __init__(self) -> None:
        self.acknowledged, self.sockets = [], []
        self.server = websockets.sync.server.serve(self._talk, "127.0.0.1", 0)
        self.address = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/link/?ticket=t"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _talk(self, socket) -> None:
        self.sockets.append(socket)
        socket.send(json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0DESK"}}))
        with contextlib.suppress(ConnectionError, websockets.exceptions.ConnectionClosed):
            for said in socket:
                self.acknowledged.append(json.loads(said)["envelope_id"])

    def send(self, payload, kind: str = "events_api") -> str:
        name = secrets.token_hex(8)
        envelope = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": False, "retry_attempt": 0}
        self.sockets[-1].send(json.dumps(envelope))
        return name


@pytest.fixture
def wire() -> Iterator[tuple[Wire, Workspace]]:
    pytest.importorskip("slack_sdk", reason="the vendor's library is not installed: pip install 'steward[slack]'")
    wire, space = Wire(), Workspace()
    space.endpoint = wire.address
    yield wire, space
    wire.server.shutdown()
    space.stop()


@contextmanager
def staying(space: Workspace, line: Line, **secrets_: str):
    fell = []

    def stay() -> None:
        try:
            Slack().listen(account(settings={"api_url": space.api}, secrets=secrets_), line)
        except (Later, Refused) as error:
            fell.append(error)

    thread = threading.Thread(target=stay)
    thread.start()
    yield fell
    line.stop()
    thread.join(60)
    assert not thread.is_alive()


def connected(line: Line, fell: list) -> None:
    assert wait_for(lambda: line.wells > 0 or fell, 60)
    assert fell == []


def test_what_arrives_is_kept_before_it_is_acknowledged(wire):
    wire, space = wire
    line = Line()
    with staying(space, line) as fell:
        connected(line, fell)
        names = [wire.send(message("hi")), wire.send(tap(), "interactive")]
        assert wait_for(lambda: wire.acknowledged == names, 60)
        assert line.kept == ["Ev1", "13345.98"]
    assert fell == []


def test_what_could_not_be_kept_is_not_acknowledged_and_comes_again(wire):
    wire, space = wire
    line = Line()
    with staying(space, line) as fell:
        connected(line, fell)
        line.falls.append(OperationalError("no database"))
        first = wire.send(message("hi"))
        assert wait_for(lambda: not line.falls, 60)
        again = wire.send(message("hi"))
        assert wait_for(lambda: wire.acknowledged == [again], 60)
        assert first not in wire.acknowledged
        assert line.kept == ["Ev1"]


def test_what_is_of_another_workspace_is_let_go(wire):
    wire, space = wire
    line = Line()
    with staying(space, line) as fell:
        connected(line, fell)
        name = wire.send({**message("hi"), "team_id": "T0OTHER"})
        assert wait_for(lambda: wire.acknowledged == [name], 60)
        assert line.kept == []


def test_a_connection_that_ends_is_said_so_that_it_is_made_anew(wire):
    wire, space = wire
    line = Line()
    with staying(space, line) as fell:
        connected(line, fell)
        wire.sockets[-1].close()
        assert wait_for(lambda: bool(fell), 60)
    assert isinstance(fell[0], Later)


def test_where_the_vendor_is_about_to_close_it_a_new_one_goes_on(wire):
    wire, space = wire
    line = Line()
    with staying(space, line) as fell:
        connected(line, fell)
        wire.sockets[-1].send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        assert wait_for(lambda: len(wire.sockets) == 2, 60)
        name = wire.send(message("hi"))
        assert wait_for(lambda: wire.acknowledged == [name], 60)
        assert line.kept == ["Ev1"]
    assert fell == []


def test_what_was_said_meanwhile_is_fetched_first(wire):
    wire, space = wire
    ts = space.instant()
    space.channels["D1"] = {
        "id": "D1", "is_im": True, "is_mpim": False, "is_private": False, "has_desk": True,
        "messages": {ts: {"type": "message", "ts": ts, "user": "U1", "text": "anybody?"}},
    }  # fmt: skip
    line = Line(cursor=str(float(ts) - 30))
    with staying(space, line) as fell:
        connected(line, fell)
    assert line.kept == [f"missed:D1:{ts}"]
    assert float(line.cursor) >= float(ts) - 1


@pytest.mark.parametrize("token", ["", "xapp-other"])
def test_a_token_that_is_missing_or_wrong_is_said(wire, token):
    _wire, space = wire
    assert token != APP_TOKEN
    with staying(space, Line(), app_token=token) as fell:
        assert wait_for(lambda: bool(fell), 60)
    assert isinstance(fell[0], Later)
    assert "token" in str(fell[0]) or "invalid_auth" in str(fell[0])
