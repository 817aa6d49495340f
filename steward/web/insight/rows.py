"""The tickets behind one figure of a day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steward.insight.queries.daily import figure_of, rows_behind
from steward.web.insight.asking import read, readers_only
from steward.web.insight.words import figure_words, part_words
from steward.web.shared.asking import Request

MOST_SHOWN = 500


@require_safe
@readers_only
def page(request: Request, day: str, figure: str) -> HttpResponse:
    asked = read(request, day)
    report = asked.report()
    part = request.GET.get("part", "").strip()
    found = rows_behind(report, figure=figure, part=part, queue_ids=asked.queue_ids)
    context = {
        "report": report,
        "day": asked.day.isoformat(),
        "zone": asked.zone,
        "figure": figure,
        "words": figure_words(figure),
        "part": part_words(part, report) if part else "",
        "rows": found[:MOST_SHOWN],
        "total": len(found) if part else figure_of(report.figures, figure).count,
    }
    return render(request, "insight/daily_rows.html", context)
