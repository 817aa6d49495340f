"""Doing things over HTTP as the people of the cast."""

from django.http import HttpResponse
from django.test import Client

from steward.desk.actions.replies import reply
from steward.desk.models import Message, Ticket
from steward.people.models import Requester, User
from steward.people.queries import requester_of
from steward.people.rules import Role
from tests.cast import Cast, user

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "</title><script>alert(1)</script>",
)
ATTACK = " ".join(ATTACKS)


def as_(who: User) -> Client:
    """Give a browser in which somebody is signed in."""
    client = Client()
    client.force_login(who)
    return client


def asking_user(name: str = "Rita") -> tuple[User, Requester]:
    """Make a requester who can sign in."""
    made = user(name, Role.REQUESTER)
    asks = requester_of(made.pk)
    assert asks is not None
    return made, asks


def send(client: Client, ticket: Ticket, resource: str, *, htmx: bool = True, **fields: object) -> HttpResponse:
    """Post a form of the ticket's page."""
    headers = HTMX if htmx else {}
    return client.post(f"/tickets/{ticket.pk}/{resource}/", fields, headers=headers)


def say(cast: Cast, ticket: Ticket, who: User, body: str) -> Message:
    """Answer a ticket, outside the screens."""
    return reply(ticket_id=ticket.pk, body=body, by=cast.actor(who), at=cast.later(minutes=5))


def text_of(response: HttpResponse) -> str:
    """Give what was answered."""
    return response.content.decode()


def assert_harmless(page: str) -> None:
    """Check that nothing of what people wrote became markup."""
    for bad in ("<script>alert", "<img src=x", "</title><script", "onerror=alert(1)>", ">49<"):
        assert bad not in page, bad
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
