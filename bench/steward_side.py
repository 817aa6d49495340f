"""What people do, through the whole application: middleware, permissions, events, search row, templates."""

from itertools import count
from uuid import uuid4

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from bench.data import Desk

_numbers = count(1)
_LARGEST_REDIRECT = 399


class Unexpected(RuntimeError):
    """A request was not answered as it should be, so its time means nothing."""


class Screens:
    """An agent and a requester, both signed in."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agent, self.asker = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
        self.agent.force_login(desk.agent)
        self.asker.force_login(desk.asker)

    def queue_page(self) -> None:
        """Draw the list of tickets."""
        self._checked(self.agent.get(reverse("inbox:page")))

    def open_ticket(self) -> None:
        """Draw a ticket with eight messages."""
        self._checked(self.agent.get(reverse("ticket:page", args=[self.desk.talkative_id])))

    def create(self) -> None:
        """Ask for help in the portal."""
        body = f"My queue is empty, number {next(_numbers)}."
        self._checked(self.asker.post(reverse("portal:ask"), {"subject": "", "body": body, "client_token": str(uuid4())}))

    def reply(self) -> None:
        """Answer a ticket."""
        values = {"body": "Please reload the page.", "client_token": str(uuid4()), "anyway": "1"}
        self._checked(self.agent.post(reverse("ticket:replies", args=[self.desk.talkative_id]), values))

    def get_next(self) -> None:
        """Take the next ticket."""
        self._checked(self.agent.post(reverse("inbox:next")))

    def search(self) -> None:
        """Find a ticket by its number."""
        self._checked(self.agent.get(reverse("inbox:page"), {"q": str(self.desk.talkative_id)}))

    def _checked(self, answer: HttpResponseBase) -> None:
        if answer.status_code > _LARGEST_REDIRECT:
            raise Unexpected(f"{answer.status_code}: {getattr(answer, 'content', b'')[:300]!r}")
