"""Letting somebody in whom a page of the company vouches for, and keeping from which page they wrote."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from steward.channels.models import WidgetPage, WidgetSite, WidgetToken
from steward.channels.queries.widget import (
    SESSION_FOR,
    WidgetSession,
    believed_secrets,
    let_in,
    stands_there,
)
from steward.channels.rules.widget_tokens import Claims, Disbelieved, Refusal, believed
from steward.channels.widget.refusals import WidgetRefused, refused
from steward.core.errors import DomainError, Invalid
from steward.desk.models import Message
from steward.people.actions.requesters import ensure_requester
from steward.people.actor import system
from steward.people.models import Requester
from steward.people.rules import is_language, is_time_zone, token_hash

VOUCHED = system("channels.widget")
A_MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 30


class TooFast(DomainError):
    """Somebody writes faster than anybody can read; nothing of it was taken in."""

    code = "too_fast"


def open_widget(
    *, site_key: str, token: str, origin: str, time_zone: str = "", request_id: str = "", at: datetime
) -> WidgetSession:
    """Believe a page's token and give the session it opens; the person becomes known, or their data are brought up to date.

    Raises `WidgetRefused` with the reason. A token that names itself (`jti`) opens one session.
    """
    site = WidgetSite.objects.filter(key=site_key).first()
    if site is None:
        raise WidgetRefused(Refusal.SITE_UNKNOWN)
    stands_there(site, origin)
    try:
        claims = believed(token, secrets=believed_secrets(site, at), site_key=site.key, at=at)
        with transaction.atomic():
            _spend(site, claims)
            requester = _known(site, claims, time_zone=time_zone, at=at)
    except Disbelieved as error:
        raise refused(error) from error
    return WidgetSession(
        site=site,
        secret_id=claims.key,
        requester=requester,
        actor=let_in(requester, request_id=request_id),
        origin=origin,
        expires_at=at + SESSION_FOR,
    )


def keep_page(message: Message, page: Mapping[str, Any] | None) -> None:
    """Keep from which page a message was sent, once, inside the caller's transaction; nothing for what came otherwise."""
    if page is None or message.requester_id is None:
        return
    WidgetPage.objects.get_or_create(
        message=message,
        defaults={**page, "ticket_id": message.ticket_id, "requester_id": message.requester_id, "sent_at": message.created_at},
    )


def hold_pace(session: WidgetSession, at: datetime) -> None:
    """Go on only if somebody did not write more than anybody types in a minute; raises `TooFast`."""
    written = WidgetPage.objects.filter(requester_id=session.requester.pk, sent_at__gt=at - A_MINUTE)
    if written[:MOST_A_MINUTE].count() >= MOST_A_MINUTE:
        raise TooFast(_("That was a lot at once."), hint=_("Wait a minute, then send again. Nothing is lost."))


def forget_spent_tokens(*, at: datetime) -> int:
    """Forget the tokens that are expired by now: nobody would believe them anyway."""
    count, _each = WidgetToken.objects.filter(expires_at__lt=at - timedelta(hours=1)).delete()
    return count


def _spend(site: WidgetSite, claims: Claims) -> None:
    if not claims.token_id:
        return
    _row, is_new = WidgetToken.objects.get_or_create(
        site=site, token_hash=token_hash(claims.token_id), defaults={"expires_at": claims.expires_at}
    )
    if not is_new:
        raise Disbelieved(Refusal.REPLAYED, "jti")


def _known(site: WidgetSite, claims: Claims, *, time_zone: str, at: datetime) -> Requester:
    language = claims.language.lower()
    try:
        known = ensure_requester(
            email=claims.email,
            name=claims.name,
            platform_role=claims.role,
            team=claims.team,
            market=claims.market,
            # What is no language is left out rather than keeping somebody from help.
            language=language if is_language(language) else "",
            time_zone=time_zone if is_time_zone(time_zone) else "",
            source=f"widget:{site.key}",
            external_id=claims.subject,
            by=VOUCHED,
            at=at,
        )
    except Invalid as error:
        raise Disbelieved(Refusal.CLAIM, error.field) from error
    return Requester.objects.select_related("user").get(pk=known.pk)
