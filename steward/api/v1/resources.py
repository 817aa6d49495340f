"""Every resource of version 1, in the order of the description."""

from steward.api.v1 import (
    asides,
    automations,
    beside,
    bulk,
    drafts,
    fields,
    files,
    follow_ups,
    kept,
    macros,
    messages,
    people,
    promises,
    reports,
    requesters,
    roster,
    saved_replies,
    settings,
    tickets,
    views,
    weights,
)

ROUTERS = [
    resource.router
    for resource in (
        tickets,
        messages,
        files,
        follow_ups,
        beside,
        asides,
        drafts,
        views,
        kept,
        macros,
        saved_replies,
        bulk,
        automations,
        people,
        requesters,
        roster,
        promises,
        settings,
        fields,
        weights,
        reports,
    )
]
