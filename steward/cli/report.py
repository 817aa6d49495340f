"""`steward report daily`: a day's figures for a terminal or a script."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from steward.core import clock
from steward.core.errors import Invalid

if TYPE_CHECKING:
    from steward.insight.queries.daily import DailyReport
    from steward.insight.rules.report import Figure

_LABELS = {
    "received": "Received",
    "answered": "Answered",
    "solved": "Solved by agents",
    "confirmed": "Confirmed by requesters",
    "closed_unconfirmed": "Closed unconfirmed",
    "closed_other": "Closed otherwise",
    "closed_merged": "Merged into another",
    "denied": "Fix denied",
    "reopened": "Reopened",
    "breached": "Promises broken",
    "handed_on": "Handed on",
    "backlog": "Backlog at the end",
}
_SHOWN = 12
HOUR, DAY = 3600, 86_400


def daily(
    day: Annotated[str, typer.Option("--date", help="The day, such as 2026-03-02; today without it.")] = "",
    zone: Annotated[str, typer.Option(help="Whose day, such as Asia/Shanghai; the desk's zone without it.")] = "",
    restricted: Annotated[bool, typer.Option("--restricted", help="Count tickets of restricted queues too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Report a day from the ledger: the same figures whenever it is asked, whatever happened later.

    Restricted queues are left out unless asked for, since a report is passed on.
    """
    from django.conf import settings  # noqa: PLC0415 -- slow import

    from steward.desk.models import Queue  # noqa: PLC0415 -- slow import
    from steward.insight.queries.daily import daily_report  # noqa: PLC0415 -- slow import
    from steward.insight.queries.written import as_data  # noqa: PLC0415 -- slow import
    from steward.insight.rules.days import day_of  # noqa: PLC0415 -- slow import
    from steward.people.rules import is_time_zone  # noqa: PLC0415 -- slow import

    at, zone = clock.now(), zone or settings.DESK_TIME_ZONE
    if not is_time_zone(zone):
        raise Invalid(f"There is no time zone {zone}.", field="zone", hint="Write it like Asia/Shanghai.")
    wanted = _date(day) if day else day_of(at, zone)
    queues = Queue.objects.all() if restricted else Queue.objects.filter(restricted=False)
    report = daily_report(day=wanted, zone=zone, queue_ids=queues.values_list("id", flat=True), at=at)
    if as_json:
        typer.echo(json.dumps({**as_data(report), "restricted": restricted}, ensure_ascii=False))
    else:
        _say(report)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text} is not a date.", field="date", hint="Write it like 2026-03-02.") from error


def _say(report: "DailyReport") -> None:
    figures = report.figures
    typer.echo(f"{report.day:%A, %d %B %Y} ({report.zone}){'' if report.is_complete else ', so far'}\n")
    for name, label in _LABELS.items():
        _line(label, figures.figures[name])
        for kind, figure in figures.breached.items() if name == "breached" else ():
            _line(f"  {kind.replace('_', ' ')}", figure)
    typer.echo(f"{'Replies written':<28}{figures.replies:>6}")
    if figures.age.p50 is not None and figures.age.p90 is not None:
        typer.echo(f"{'Age of the backlog':<28}half under {_span(figures.age.p50)}, nine in ten under {_span(figures.age.p90)}")
    for part in figures.queues:
        counts = ", ".join(f"{part.figures[name].count} {name}" for name in ("received", "solved", "backlog"))
        typer.echo(f"{report.queue_names.get(part.id or 0, '')[:27]:<28}{counts}")
    for handed in figures.handed_on:
        typer.echo(f"#{handed.ticket_id} handed on: {report.notes.get(handed.note_id or 0, handed.purpose)}")
    for one in figures.notable:
        subject = report.rows[one.ticket_id].subject if one.ticket_id in report.rows else ""
        typer.echo(f"#{one.ticket_id} {subject[:60]} ({', '.join(why.code.replace('_', ' ') for why in one.reasons)})")


def _line(label: str, figure: "Figure") -> None:
    shown = " ".join(f"#{ticket_id}" for ticket_id in figure.ticket_ids[:_SHOWN])
    more = " …" if figure.count > _SHOWN else ""
    typer.echo(f"{label:<28}{figure.count:>6}  {shown}{more}".rstrip())


def _span(seconds: float) -> str:
    if seconds < 2 * HOUR:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / HOUR:.0f} h" if seconds < 2 * DAY else f"{seconds / DAY:.1f} days"
