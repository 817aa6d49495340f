"""Tokens as the server of a page makes them."""

from datetime import datetime, timedelta
from typing import Any

import jwt

from steward.channels.actions.widget_sites import create_widget_site
from steward.channels.models import WidgetSite
from steward.channels.queries.widget import believed_secrets
from tests.cast import SETUP

HOST = "https://console.example"


def site_of(at: datetime, name: str = "Console", origins: tuple[str, ...] = (HOST,), **values: Any) -> WidgetSite:
    return create_widget_site(values={"name": name, "origins": list(origins), **values}, by=SETUP, at=at)


def secret_at(site: WidgetSite, at: datetime) -> str:
    return believed_secrets(site, at)[0][1]


def minted(secret: str, key: str, at: datetime, *, lives: timedelta = timedelta(minutes=10), **claims: Any) -> str:
    said = {
        "sub": "u-17",
        "email": "mara@console.example",
        "name": "Mara",
        "aud": key,
        "iat": int(at.timestamp()),
        "exp": int((at + lives).timestamp()),
        **claims,
    }
    return jwt.encode({name: value for name, value in said.items() if value is not None}, secret, algorithm="HS256")
