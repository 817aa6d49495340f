"""The daily report as plain values, for scripts."""

from typing import Any

from steward.insight.queries.daily import METRICS_VERSION, DailyReport
from steward.insight.rules.report import Figure, Part


def as_data(report: DailyReport) -> dict[str, Any]:
    """Give a report as JSON-ready values: every number with the tickets behind it."""
    figures = report.figures
    return {
        "date": report.day.isoformat(),
        "zone": report.zone,
        "from": report.start.isoformat(),
        "to": report.end.isoformat(),
        "complete": report.is_complete,
        "metrics_version": METRICS_VERSION,
        "figures": {name: _figure(figure) for name, figure in figures.figures.items()},
        "replies": figures.replies,
        "breached_by_clock": {kind: _figure(figure) for kind, figure in figures.breached.items()},
        "waiting": [{"state": one.state, "reason": one.reason, **_figure(one.figure)} for one in figures.waiting],
        "backlog_age": {
            "p50_seconds": figures.age.p50,
            "p90_seconds": figures.age.p90,
            "oldest_seconds": figures.age.oldest,
            "buckets": [{"under_seconds": upto, **_figure(figure)} for upto, figure in figures.age.buckets],
        },
        "handle_time": {
            "p50_seconds": figures.handle_time.p50,
            "p90_seconds": figures.handle_time.p90,
            "total_seconds": figures.handle_time.total,
        },
        "queues": [_part(part, report.queue_names) for part in figures.queues],
        "categories": [_part(part, report.category_names) for part in figures.categories],
        "handed_on": [
            {
                "ticket_id": one.ticket_id,
                "to": one.purpose,
                "queue": report.queue_names.get(one.queue_id, ""),
                "at": one.at.isoformat(),
                "reason": report.notes.get(one.note_id or 0, ""),
            }
            for one in figures.handed_on
        ],
        "notable": [
            {
                "ticket_id": one.ticket_id,
                "subject": report.rows[one.ticket_id].subject if one.ticket_id in report.rows else "",
                "reasons": [{"code": why.code, "detail": why.detail} for why in one.reasons],
            }
            for one in figures.notable
        ],
        "notable_total": figures.notable_total,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"count": figure.count, "ticket_ids": list(figure.ticket_ids)}


def _part(part: Part, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": part.id,
        "name": names.get(part.id, "") if part.id is not None else "",
        "figures": {name: figure.count for name, figure in part.figures.items()},
    }
