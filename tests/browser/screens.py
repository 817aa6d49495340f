"""Every screen of the desk, in one place: who looks at it and where it is. A screen that is in no list fails a test.

A new screen is added to whoever sees it first; what is no screen of its own is named below with what it is.
"""

from collections.abc import Callable

from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from steward.channels.models import Channel, Webhook, WidgetSite
from steward.core import clock
from steward.desk.models import Automation, BulkRun, Category, CustomField, Handover, Macro, SavedReply, SavedView, Status, Ticket
from steward.desk.queries.asides import token_of
from steward.people.actions import invite_user
from steward.people.actions.passwords import make_password_link
from steward.roster.models import BusinessCalendar, Shift
from steward.sla.models import Policy
from tests.browser.beside import aside
from tests.cast import SETUP, Cast

Screens = dict[str, str]


def nobodys(cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    _invitation, joins = invite_user(email="one.more@desk.example", roles=["agent"], by=SETUP, at=clock.now())
    _link, sets = make_password_link(user_id=cast.eno.pk, by=SETUP, at=clock.now())
    return {
        "join": f"/account/join/{joins}/",
        "new-password": f"/account/new-password/{sets}/",
        "asked-by-link": f"/aside/{token_of(aside(with_team=False))}/",
        "sign-in": "/sign-in/login/",
        "forgotten": "/sign-in/password/reset/",
        "dead-link": "/account/join/there-is-no-such-link/",
    }


def ravis(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    requests = {f"request-{name}": f"/portal/requests/{tickets[name].pk}/" for name in ("labels", "solved", "over")}
    return {
        "home": "/portal/",
        "past": "/portal/?show=past",
        "ask": "/portal/ask/",
        **requests,
        "new-chat": "/chat/new/",
        "account": "/account/",
        "not-found": "/portal/requests/99999/",
    }


def otos(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    return {"request-in-line": f"/portal/requests/{tickets['rtl'].pk}/"}


def adas(_cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    return {
        "inbox": "/tickets/?view=open",
        "mine": "/tickets/?view=mine",
        "empty": "/tickets/?view=unassigned&priority=4",
        "search": "/tickets/?q=labels",
        "follow-ups": "/follow-ups/",
        **{
            f"ticket-{name}": f"/tickets/{tickets[name].pk}/?view=open"
            for name in ("labels", "rtl", "solved", "over", "held", "covered", "access")
        },
        "ticket-merged": f"/tickets/{tickets['merged'].pk}/?alone=1",
        **_over_the_ticket(tickets["labels"]),
        "ticket-letter": f"/tickets/{tickets['letter'].pk}/",
        "original": _original(tickets["letter"]),
        "original-with-pictures": f"{_original(tickets['letter'])}?pictures=1",
        "asked-of-team": f"/aside/team/{aside(with_team=True).pk}/",
        "bulk-done": f"/bulk/{BulkRun.objects.get(state='ended').pk}/",
        "bulk-prepared": f"/bulk/{BulkRun.objects.get(state='prepared').pk}/",
        "handed": f"/shift/handovers/{Handover.objects.latest('id').pk}/",
        "views": "/tickets/views/",
        "view-history": f"/tickets/views/{SavedView.objects.earliest('id').pk}/history/",
        "asides": "/aside/",
        "my-shift": "/shift/",
        "handover": "/shift/handover/",
        "drafts": "/writing/",
        "care": "/care/",
        "bulk": "/bulk/",
        "shifts": "/shifts/",
        "notices": "/notices/",
        "account": "/account/",
        "account-notices": "/account/notices/",
        "password": "/sign-in/password/change/",
        "two-steps": "/sign-in/2fa/",
        "devices": "/sign-in/sessions/",
        "leave": "/sign-in/logout/",
        "forbidden": "/settings/people/",
        "not-found": "/tickets/99999/",
    }


def _original(ticket: Ticket) -> str:
    said = ticket.message_set.filter(author_kind="requester").latest("id")
    return f"/tickets/{ticket.pk}/messages/{said.pk}/original/"


def _over_the_ticket(ticket: Ticket) -> Screens:
    """Give what opens over a ticket, as the pages they are without scripts."""
    said = ticket.message_set.filter(author_kind="requester").latest("id")
    here = f"/tickets/{ticket.pk}"
    return {
        "over-message": f"{here}/messages/{said.pk}/",
        "over-aside": f"{here}/asides/{aside(with_team=False).pk}/",
        "over-new-aside": f"{here}/asides/new/",
        "over-parts": f"{here}/parts/",
    }


def lins(cast: Cast, tickets: dict[str, Ticket]) -> Screens:
    shift = Shift.objects.filter(user=cast.ben).latest("starts_at")
    return {
        "care-people": "/care/people/",
        "erase-message": f"/erasure/messages/{tickets['covered'].message_set.earliest('id').pk}/",
        "load": "/settings/load/",
        "tokens": "/settings/tokens/",
        "merge": f"/tickets/merge/?id={tickets['labels'].pk}&id={tickets['held'].pk}",
        "report": "/report/daily/",
        "report-rows": f"/report/daily/{cast.at:%Y-%m-%d}/backlog/?zone=UTC",
        "shifts": "/shifts/",
        "new-shift": "/shifts/new/",
        "shift": f"/shifts/{shift.pk}/",
    }


def anas(cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    lists = (
        "",
        "people/",
        "people/invitations/",
        "teams/",
        "requesters/",
        "queues/",
        "categories/",
        "statuses/",
        "calendars/",
        "policies/",
        "fields/",
        "saved-replies/",
        "macros/",
        "automations/",
        "care/",
        "sending/",
        "channels/",
        "widget/",
        "webhooks/",
        "system/",
        *(
            f"{kind}/new/"
            for kind in (
                "fields",
                "saved-replies",
                "macros",
                "automations",
                "calendars",
                "policies",
                "queues",
                "statuses",
                "widget",
                "webhooks",
            )
        ),
    )
    single = {
        "people": cast.ben.pk,
        "teams": cast.team.pk,
        "requesters": cast.ravi.pk,
        "queues": cast.restricted.pk,
        "categories": Category.objects.earliest("id").pk,
        "statuses": Status.objects.earliest("id").pk,
        "calendars": BusinessCalendar.objects.earliest("id").pk,
        "policies": Policy.objects.earliest("id").pk,
        "fields": CustomField.objects.earliest("id").pk,
        "saved-replies": SavedReply.objects.earliest("id").pk,
        "macros": Macro.objects.earliest("id").pk,
        "automations": Automation.objects.earliest("id").pk,
        "channels": Channel.objects.get(kind="matrix").pk,
        "webhooks": Webhook.objects.earliest("id").pk,
        "widget": WidgetSite.objects.earliest("id").pk,
    }
    erasing = {
        "settings-channels-new": "/settings/channels/new/matrix/",
        "settings-channels-new-email": "/settings/channels/new/email/",
        "erase-requester": f"/erasure/requesters/{cast.ravi.pk}/",
        "erase-user": f"/erasure/people/{cast.ben.pk}/",
    }
    return (
        {f"settings-{name.replace('/', '-').rstrip('-')}": f"/settings/{name}" for name in lists}
        | {f"settings-{name}-one": f"/settings/{name}/{pk}/" for name, pk in single.items()}
        | erasing
    )


def enos(_cast: Cast, _tickets: dict[str, Ticket]) -> Screens:
    return {"inbox": "/tickets/", "shifts": "/shifts/"}


PEOPLE: dict[str, Callable[[Cast, dict[str, Ticket]], Screens]] = {
    "nobody": nobodys,
    "ravi": ravis,
    "oto": otos,
    "ada": adas,
    "lin": lins,
    "ana": anas,
    "eno": enos,
}
# Answers that are no page: parts of one, probes, streams, files, and doors that lead elsewhere.
NO_SCREENS = {
    "a door to another page": {"home", "chat:page", "account_email", "chat:one", "insight:daily_on"},
    "a probe": {"healthz", "readyz"},
    "a program's": {"api:v1"},
    "a file": {"files:page", "files:download", "ticket:original_file", "mfa_download_recovery_codes"},
    "a part of a page": {
        "bulk:progress",
        "bulk:tickets",
        "chat:live",
        "settings:widget_secret",
        "inbound:page",
        "widget:answers",
        "widget:file",
        "widget:messages",
        "widget:pages",
        "widget:script",
        "widget:seen",
        "widget:session",
        "widget:state",
        "files:editor",
        "files:veil",
        "inbox:counts",
        "inbox:pane",
        "inbox:suggest",
        "structure:asides",
        "ticket:original_body",
        "structure:card",
        "structure:names",
        "structure:find_participant",
        "structure:participants",
        "structure:refs",
        "structure:requester",
        "notices:count",
        "palette:find",
        "portal:ask_fields",
        "portal:live",
        "settings:automation_condition",
        "settings:automation_span",
        "settings:policy_match",
        "settings:saved_reply_language",
        "settings:step",
        "shift:handle_time",
        "shift:handling",
        "shift:snooze",
        "shift:team",
        "structure:watch",
        "ticket:choose",
        "ticket:drafts",
        "ticket:earlier",
        "ticket:live",
        "ticket:macro",
        "ticket:macros",
        "ticket:saved_replies",
        "writing:draft",
    },
    # Of the sign-in library, behind a second factor, a key or a mail; drawn in our shell, which test_library_pages.py looks at.
    "a page of the sign-in library": {
        "account_confirm_email",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_set_password",
        "account_signup",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
    },
}


def names_of_addresses() -> dict[str, str]:
    """Give the name and the pattern of every address."""

    def walk(resolver: URLResolver, space: str, before: str):
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one, f"{space}{one.namespace}:" if one.namespace else space, before + str(one.pattern))
            elif one.name:
                yield space + one.name, before + str(one.pattern)

    return dict(walk(get_resolver(), "", "/"))
