"""`steward password-link`: a way in for somebody who has no password, such as everybody after an import."""

import json
from typing import Annotated

import typer

from steward.core import clock
from steward.core.errors import NotFound


def password_link(
    email: Annotated[str, typer.Argument(help="The address of a user who is not deactivated.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print a one-time link with which a user sets a new password; earlier links of theirs die."""
    from django.conf import settings  # noqa: PLC0415 -- slow import
    from django.urls import reverse  # noqa: PLC0415 -- slow import

    from steward.people.actions import make_password_link  # noqa: PLC0415 -- slow import
    from steward.people.actor import system  # noqa: PLC0415 -- slow import
    from steward.people.models import User  # noqa: PLC0415 -- slow import

    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise NotFound(f"There is no user with the address {email}.", hint="Look for a mistyped letter.")
    link, token = make_password_link(user_id=user.pk, by=system("password-link"), at=clock.now())
    address = settings.BASE_URL.rstrip("/") + reverse("account:new_password", args=[token])
    if as_json:
        typer.echo(
            json.dumps({"email": user.email, "link": address, "expires_at": link.expires_at.isoformat()}, ensure_ascii=False)
        )
        return
    typer.echo(address)
    typer.echo(f"It sets a new password for {user.name}, once, until {link.expires_at:%Y-%m-%d %H:%M} UTC.", err=True)
