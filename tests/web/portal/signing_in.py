"""Signing people in, and the forms as the page sends them."""

from uuid import uuid4

from django.test import Client

from steward.core import clock
from steward.people.actions import add_user
from steward.people.models import Requester, User
from steward.people.rules import Role
from tests.cast import SETUP

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}


def user_of(requester: Requester) -> User:
    """Give a requester an account, as an invitation would."""
    if requester.user is None:
        made = add_user(
            email=requester.email,
            name=requester.name,
            roles=[Role.REQUESTER],
            language="en",
            time_zone="UTC",
            by=SETUP,
            at=clock.now(),
        )
        requester.refresh_from_db()
        assert requester.user == made
    return requester.user


def signed_in(who: Requester | User) -> Client:
    """Give a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user_of(who) if isinstance(who, Requester) else who)
    return client


def form(body: str = "The queue page is empty.", **values: object) -> dict[str, object]:
    """Give a composer's fields."""
    return {"body": body, "client_token": str(uuid4()), "seen_message_id": "", "anyway": "", **values}
