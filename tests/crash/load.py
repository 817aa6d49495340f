"""People at work over HTTP, who press send again whenever something fails."""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from tests.site import wait_for

SECRET = "c" * 32
FORGERY = {"Cookie": f"csrftoken={SECRET}", "X-CSRFToken": SECRET}


@dataclass(frozen=True)
class Sent:
    """What the server said it has: on which ticket, under which token, in which words."""

    kind: str
    ticket_id: int
    token: str
    body: str


@dataclass
class Crowd:
    """Some people writing at once; whatever was acknowledged is kept here."""

    port: int
    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    retries: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, *, seed: int, requesters: list[str], agents: list[str]) -> None:
        """Put each requester to work beside an agent; people are given by their session."""
        for number, (asks, answers) in enumerate(zip(requesters, agents, strict=True)):
            thread = threading.Thread(target=self._work, args=(random.Random(f"{seed}-{number}"), asks, answers))
            self._threads.append(thread)
            thread.start()

    def goes_on(self, many: int) -> bool:
        """Wait until so much was acknowledged in all; a refusal ends the waiting."""
        return wait_for(lambda: len(self.sent) >= many or bool(self.refused), 120)

    def stop(self, seconds: float = 120) -> None:
        """Let everybody finish what they are sending, and go home."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)
        assert not any(thread.is_alive() for thread in self._threads), "somebody could not send for two minutes"

    def _work(self, chance: random.Random, asks: str, answers: str) -> None:
        mine: list[int] = []
        for number in count():
            if self._stop.is_set():
                return
            token = str(UUID(int=chance.getrandbits(128), version=4))
            body = f"number {number}, {token}"
            act = chance.choice(["ask", "say", "reply", "reply"]) if mine else "ask"
            if act == "ask":
                mine.append(self._send("ask", asks, "/portal/ask/", token, body))
            elif act == "say":
                ticket_id = chance.choice(mine)
                self._send("say", asks, f"/portal/requests/{ticket_id}/messages/", token, body)
            else:
                # Also on the tickets of others: two people work on one ticket at the same moment.
                ticket_id = chance.choice([sent.ticket_id for sent in list(self.sent)])
                then = chance.choice(["", "", "pending", "on_hold:engineering", "solved"])
                self._send("reply", answers, f"/tickets/{ticket_id}/replies/", token, body, then=then, anyway="1")
            if 0 in mine:
                return

    def _send(self, kind: str, session: str, path: str, token: str, body: str, **fields: str) -> int:
        """Send until it is acknowledged; give the ticket it is on, or 0 when it was refused."""
        while True:
            status, where = self._post(session, path, urlencode({"body": body, "client_token": token, **fields}))
            if status == 303 and "/sign-in/" not in where:
                ticket_id = int(urlsplit(where).path.strip("/").split("/")[-1])
                self.sent.append(Sent(kind, ticket_id, token, body))
                return ticket_id
            if status == 422 and fields.get("then"):
                # Somebody moved the ticket on meanwhile: the words are said without moving it.
                fields["then"] = ""
                continue
            if 0 < status < 500:
                self.refused.append(f"{kind} {path} {fields}: {status} {where}")
                return 0
            self.retries += 1
            time.sleep(0.2)

    def _post(self, session: str, path: str, form: str) -> tuple[int, str]:
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {
            **FORGERY,
            "Cookie": f"{FORGERY['Cookie']}; sessionid={session}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            caller.request("POST", path, form, headers)
            answer = caller.getresponse()
            # Acknowledged is what has arrived to the end.
            said = answer.read()
            return answer.status, answer.headers.get("Location") or said[:300].decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            caller.close()
