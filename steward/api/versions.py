"""Versions of rows: a change may name the one it was made from, and is refused where there is a newer one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from steward.api.problems import Refused
from steward.core.rows import first_row


@dataclass(frozen=True)
class Versioned:
    """A kind of row whose version is the number of facts on its stream; `parameter` names its id in the address.

    `show` gives its present state to whoever may see it, and raises `NotFound` for others.
    """

    kind: str
    model: type[models.Model]
    parameter: str
    show: Callable[[Any, int], Any]
    no_key: bool = True


def version_of(kind: str, pk: int) -> str:
    """Give the version of a row as an entity tag."""
    found = first_row("SELECT last_seq FROM ledger_stream WHERE name = %s", [f"{kind}:{pk}"])
    return f'"{found[0] if found else 0}"'


def lock_row(versioned: Versioned, pk: int) -> None:
    """Lock a row for this transaction as its actions will, so that its version stays what it is until the change is made."""
    rows: Any = versioned.model.objects  # type: ignore[attr-defined]
    list(rows.select_for_update(no_key=versioned.no_key).filter(pk=pk).values_list("pk"))


def check_version(asked: str, versioned: Versioned, pk: int, present: Callable[[], Any]) -> None:
    """Go on only where the version asked for is the present one; raises `Refused` with the present state otherwise."""
    now = version_of(versioned.kind, pk)
    if asked.strip() == "*" or now in {one.strip().removeprefix("W/") for one in asked.split(",")}:
        return
    raise Refused(
        412,
        "changed_meanwhile",
        _("This was changed by somebody else meanwhile. Nothing was changed now."),
        hint=_("Look at what it is now, and send the change again with its new version."),
        headers={"ETag": now},
        current=present(),
    )
