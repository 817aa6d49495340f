"""Macros as they are used: which an actor may run, and what each does."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from steward.core.errors import NotFound
from steward.desk.models import HeldReply, Macro, MacroVersion
from steward.desk.queries.sharing import usable_by
from steward.people.actor import Actor


def newest_version(macro_id: int) -> MacroVersion:
    """Give what a macro does now."""
    return MacroVersion.objects.filter(macro_id=macro_id).order_by("-version")[:1].get()


def versions_of(macro_id: int) -> list[MacroVersion]:
    """Give every version of a macro, newest first."""
    return list(MacroVersion.objects.filter(macro_id=macro_id).select_related("made_by").order_by("-version"))


@dataclass(frozen=True)
class Offered:
    """A macro as it is offered on a ticket."""

    id: int
    name: str
    folder: str
    scope: str


def offered_to(actor: Actor, *, words: str = "", most: int = 50) -> list[Offered]:
    """Give the macros an actor may run whose name or folder holds every word, the most used first."""
    found = usable_by(actor, Macro)
    for word in words.split()[:8]:
        found = found.filter(Q(name__icontains=word) | Q(folder__icontains=word))
    rows = found.order_by("-times_used", "name", "id")[:most]
    return [Offered(*row) for row in rows.values_list("id", "name", "folder", "scope")]


def runnable(actor: Actor, macro_id: int) -> tuple[Macro, MacroVersion]:
    """Give a macro an actor may run with its newest version; raises `NotFound` for one put away or out of sight."""
    row = usable_by(actor, Macro).filter(pk=macro_id).first()
    if row is None:
        raise NotFound(
            _("This macro was put away meanwhile, or is not yours to run. Nothing was changed."), hint=_("Choose another one.")
        )
    return row, newest_version(row.pk)


def waiting_reply_of(run_id: int) -> HeldReply | None:
    """Give the reply that a run waits with; None when it was done, or taken back."""
    return HeldReply.objects.filter(macro_run_id=run_id, released_at=None, taken_back_at=None).first()


def names_by_cause(causes: set[str]) -> dict[str, str]:
    """Give the names of the macros behind causes such as `macro:12@v3`, by cause; one query, none without such causes."""
    wanted = {cause: int(number) for cause in causes if (number := number_of(cause, "macro"))}
    if not wanted:
        return {}
    names = dict(Macro.objects.filter(pk__in=set(wanted.values())).values_list("id", "name"))
    return {cause: names[number] for cause, number in wanted.items() if number in names}


def number_of(cause: str, kind: str) -> str:
    """Read the number in a cause such as `macro:12@v3`; empty for another kind of cause."""
    head, _sign, rest = cause.partition(":")
    number = rest.partition("@")[0]
    return number if head == kind and number.isdigit() else ""


def latest_versions() -> Subquery:
    """Give the number of a macro's newest version, to be read beside its row."""
    return Subquery(MacroVersion.objects.filter(macro=OuterRef("pk")).order_by("-version").values("version")[:1])
