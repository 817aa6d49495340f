"""The report of one day."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from steward.core import clock
from steward.insight.queries.daily import METRICS_VERSION, DailyReport
from steward.insight.rules.days import day_of
from steward.web.insight.asking import Asked, read, read_zone, readers_only
from steward.web.insight.words import FIGURES, bucket_words, figure_words, reason_words
from steward.web.shared.asking import Request


@require_safe
@readers_only
def latest(request: Request) -> HttpResponse:
    """Lead to a day: the one chosen in the form, else today."""
    zone = read_zone(request)
    asked = read(request, request.GET.get("date", "").strip() or day_of(clock.now(), zone).isoformat())
    return HttpResponseRedirect(f"{reverse('insight:daily_on', args=[asked.day.isoformat()])}?{urlencode({'zone': zone})}")


@require_safe
@readers_only
def page(request: Request, day: str) -> HttpResponse:
    asked = read(request, day)
    return render(request, "insight/daily.html", _context(asked, asked.report()))


def _context(asked: Asked, report: DailyReport) -> dict[str, Any]:
    figures = report.figures
    return {
        "report": report,
        "figures": figures,
        "day": asked.day.isoformat(),
        "zone": asked.zone,
        "yesterday": (asked.day - timedelta(days=1)).isoformat(),
        "tomorrow": (asked.day + timedelta(days=1)).isoformat() if asked.day < asked.today else "",
        "today": asked.today.isoformat(),
        "tiles": [(name, figure_words(name), figures.figures[name].count, FIGURES[name].tone) for name in FIGURES],
        "ages": [(place, bucket_words(place), figure.count) for place, (_upto, figure) in enumerate(figures.age.buckets)],
        "notable": [(one, report.rows.get(one.ticket_id), [reason_words(why) for why in one.reasons]) for one in figures.notable],
        "version": METRICS_VERSION,
    }
