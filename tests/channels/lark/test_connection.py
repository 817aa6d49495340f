"""The long connection, with the vendor's own library at this end and its frames at the other."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from steward.channels.contract import Later, Refused
from steward.channels.lark import connection
from steward.channels.lark.carrier import Lark
from tests.channels.lark.events import account, event, message
from tests.lark_server import Platform
from tests.site import wait_for

# The library and what it brings along are no longer quiet on newer versions of Python.
pytestmark = pytest.mark.filterwarnings("ignore")


class Line:
    cursor = ""

    def __init__(self) -> None:
        self.kept, self.wells, self.falls, self._stop = [], 0, [], threading.Event()

    def keep(self, arrivals, *, cursor=None):
        if self.falls:
            raise self.falls.pop()
        self.kept += [one.event_id for one in arrivals]
        return len(arrivals)

    def well(self):
        self.wells += 1

    def stopped(self, *, within=0):
        return self._stop.is_set()

    def stop(self):
        self._stop.set()


class Wire:
    """The vendor's end: sends events as frames and keeps the code each was answered with."""

    def __init__(self, frame, serve) -> None:
        self.answers, self.sockets, self._frame = [], [], frame
        self.server = serve(self._talk, "127.0.0.1", 0)
        self.address = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/?device_id=d&service_id=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _talk(self, socket) -> None:
        self.sockets.append(socket)
        for said in socket:
            frame = self._frame()
            frame.ParseFromString(said)
            if frame.method == 1:
                self.answers.append(json.loads(frame.payload))

    def send(self, told, pieces: int = 1) -> None:
        payload = json.dumps(told).encode()
        size = -(-len(payload) // pieces)
        for place in range(pieces):
            frame = self._frame(SeqID=1, LogID=1, service=1, method=1, payload=payload[place * size : (place + 1) * size])
            for key, value in {
                "type": "event",
                "message_id": told["header"]["event_id"],
                "trace_id": "t",
                "sum": pieces,
                "seq": place,
            }.items():
                frame.headers.add(key=key, value=str(value))
            self.sockets[-1].send(frame.SerializeToString())


@pytest.fixture
def wire() -> Iterator[tuple[Wire, Platform]]:
    pytest.importorskip("lark_oapi", reason="the vendor's library is not installed: pip install 'steward[lark]'")
    from lark_oapi.ws.pb.pbbp2_pb2 import Frame
    from websockets.sync.server import serve

    wire, platform = Wire(Frame, serve), Platform()
    platform.endpoint = wire.address
    yield wire, platform
    wire.server.shutdown()
    platform.stop()


@contextmanager
def staying(platform: Platform, line: Line):
    fell = []

    def stay() -> None:
        try:
            Lark().listen(account(settings={"domain": platform.address}), line)
        except (Later, Refused) as error:
            fell.append(error)

    thread = threading.Thread(target=stay)
    thread.start()
    yield fell
    line.stop()
    thread.join(60)
    assert not thread.is_alive()


def test_what_arrives_is_kept_before_it_is_acknowledged_and_a_fall_has_it_sent_again(wire):
    wire, platform = wire
    line = Line()
    with staying(platform, line) as fell:
        assert wait_for(lambda: line.wells > 0 or fell, 60), fell
        assert fell == []
        wire.send(message({"text": "hi"}))
        assert wait_for(lambda: len(wire.answers) == 1, 60)
        line.falls.append(OSError("no database"))
        wire.send(message({"text": "hi"}, event_id="e2"))
        assert wait_for(lambda: len(wire.answers) == 2, 60)
        wire.send(message({"text": "hi"}, event_id="e2"), pieces=3)
        wire.send(event("card.action.trigger", {}, "e3"))
        assert wait_for(lambda: len(wire.answers) == 4, 60)
    assert line.kept == ["e1", "e2", "e3"]
    assert [one["code"] for one in wire.answers] == [200, 500, 200, 200]
    assert fell == []


def test_a_connection_that_breaks_is_told(wire):
    wire, platform = wire
    line = Line()
    with staying(platform, line) as fell:
        assert wait_for(lambda: line.wells > 0, 60)
        wire.sockets[-1].close()
        assert wait_for(lambda: fell, 60)
    assert isinstance(fell[0], Later)


def test_without_the_library_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "lark_oapi.ws", None)
    monkeypatch.setitem(__import__("sys").modules, "lark_oapi", None)
    with pytest.raises(Refused, match="pip install"):
        Lark().listen(account(), Line())


def test_a_connection_to_the_database_that_broke_is_not_used_again(monkeypatch):
    closed, line = [], Line()
    monkeypatch.setattr(connection, "connection", SimpleNamespace(close=lambda: closed.append(True)))
    line.falls.append(OperationalError("the server closed the connection"))
    with ThreadPoolExecutor(1) as apart:
        keeper = connection._Keeper(account(), line, apart)
        with pytest.raises(OperationalError):
            keeper._do_without_validation(json.dumps(message({"text": "hi"})).encode())
        assert closed == [True]
        assert keeper._do_without_validation(json.dumps(message({"text": "hi"})).encode()) == {}
    assert line.kept == ["e1"]
