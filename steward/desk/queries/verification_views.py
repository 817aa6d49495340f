"""Holding saved views against what their events tell: for whom they are, whether they are in use, who pinned them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from steward.core.rows import rows
from steward.desk.facts.shared import ViewChanged, ViewCreated, ViewPinned, ViewUnpinned
from steward.ledger.models import Event

_TOLD = ("scope", "team", "is_active", "order", "columns", "grouping")


def wrong_views() -> Iterator[str]:
    """Yield a sentence for each view that is not what its events tell."""
    told: dict[int, dict[str, Any]] = defaultdict(dict)
    pinned: dict[int, set[int]] = defaultdict(set)
    for event in Event.objects.filter(stream__startswith="view:").order_by("stream", "seq").iterator():
        fact = event.fact
        if isinstance(fact, ViewCreated | ViewChanged):
            told[fact.view_id] |= {name: new for name, (_old, new) in fact.changes.items()}
        elif isinstance(fact, ViewPinned):
            pinned[fact.view_id].add(fact.user_id)
        elif isinstance(fact, ViewUnpinned):
            pinned[fact.view_id].discard(fact.user_id)
    for pk, *found in rows(
        """
        SELECT v.id, v.scope, v.team_id, v.is_active, v."order", array_to_string(v.columns, ','), v.grouping,
               (SELECT coalesce(array_agg(c.user_id), '{}') FROM desk_viewchoice c WHERE c.view_id = v.id AND c.is_pinned)
          FROM desk_savedview v
        """
    ):
        for name, value in zip(_TOLD, found, strict=False):
            if (told[pk].get(name) or "") != (value or ""):
                yield f"view {pk}: {name}: row {value}, events {told[pk].get(name)}"
        if set(found[-1]) != pinned[pk]:
            yield f"view {pk}: pinned by {sorted(found[-1])}, events {sorted(pinned[pk])}"
