"""Programs that ask: each with a token of one of the cast."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from steward.api.tokens import BUCKETS
from steward.core import clock
from steward.people.actions.tokens import make_token
from steward.people.models import User
from steward.people.queries import actor_for
from steward.people.rules import Scope

EVERYTHING = tuple(Scope)


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path
    BUCKETS.clear()


class Program:
    """A program with a token."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=headers, **sent)

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)


def program_of(user: User, *scopes: str, **values: Any) -> Program:
    _row, token = make_token(
        user_id=user.pk, name="a program", scopes=scopes or EVERYTHING, by=actor_for(user), at=clock.now(), **values
    )
    return Program(token)


@pytest.fixture
def program() -> Callable[..., Program]:
    return program_of
