"""Requesters, erasing people, and the tokens of programs."""

from datetime import datetime
from typing import Annotated

from django.db.models import Q
from ninja import Query, Router
from pydantic import Field, StrictStr

from steward.api.operations import CREATED, delete, get, patch, post
from steward.api.shapes import Done, Given, Id, Instant, Listed, PathId, Sent
from steward.api.tokens import Asked, need
from steward.api.v1.finding import MOST_ROWS, USUAL_ROWS, must, nothing_here, walk
from steward.api.versions import Versioned
from steward.core import clock
from steward.people.actions import (
    change_requester,
    ensure_requester,
    erase_person,
    preview_erasure,
)
from steward.people.actions.tokens import make_token, revoke_token
from steward.people.erasing import Whom
from steward.people.models import ApiToken, Erasure, Requester
from steward.people.permissions import may_manage_people, may_see_people, require
from steward.people.queries.tokens import tokens_of
from steward.people.rules import TOKEN_RATE, Scope, normalize_email

router = Router(tags=["Requesters"])
READ, WRITE = Scope.PEOPLE_READ, Scope.PEOPLE_WRITE
Cursor = Annotated[str, Query(max_length=2_000)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Short = Annotated[StrictStr, Field(max_length=400)]


class RequesterOut(Given):
    """Somebody who asks for help."""

    id: int
    name: str
    email: str | None
    platform_role: str
    team: str
    market: str
    language: str
    time_zone: str
    client_version: str
    source: str
    external_id: str
    user_id: int | None
    created_at: datetime
    erased_at: datetime | None


def _seen_requester(request: Asked, requester_id: int) -> RequesterOut:
    require(may_see_people(request.actor))
    return RequesterOut.model_validate(must(Requester, requester_id))


REQUESTER = Versioned("requester", Requester, "requester_id", _seen_requester)


@get(router, "/requesters", scope=READ, out=Listed[RequesterOut])
def list_requesters(
    request: Asked,
    email: Annotated[str, Query(max_length=400, description="Only the one with this address.")] = "",
    external_id: Annotated[str, Query(max_length=200, description="Only those with this id in another system.")] = "",
    cursor: Cursor = "",
    limit: Limit = USUAL_ROWS,
) -> Listed[RequesterOut]:
    """List those who ask for help."""
    require(may_see_people(request.actor))
    wanted = Q(email=normalize_email(email)) if email else Q()
    wanted &= Q(external_id=external_id) if external_id else Q()
    return walk(Requester.objects.filter(wanted), cursor=cursor, limit=limit, show=RequesterOut.model_validate)


@get(router, "/requesters/{int:requester_id}", scope=READ, out=RequesterOut, versioned=REQUESTER)
def get_requester(request: Asked, requester_id: PathId) -> RequesterOut:
    """Give a requester."""
    return _seen_requester(request, requester_id)


class RequesterIn(Sent):
    """What is known of a requester: an address, or the id in another system, or both."""

    email: Short = ""
    name: Short = ""
    platform_role: Short = ""
    team: Short = ""
    market: Short = ""
    language: Short = ""
    time_zone: Short = ""
    client_version: Short = ""
    source: Short = ""
    external_id: Short = ""


@post(router, "/requesters", scope=WRITE, out=RequesterOut, status=CREATED)
def make_requester(request: Asked, body: RequesterIn) -> RequesterOut:
    """Find the requester with this address, or else with this id of that source, or make them."""
    made = ensure_requester(**body.model_dump(), by=request.actor, at=clock.now())
    return RequesterOut.model_validate(made)


class RequesterChange(Sent):
    """What of a requester is to be corrected."""

    email: Short = ""
    name: Short = ""
    platform_role: Short = ""
    team: Short = ""
    market: Short = ""
    language: Short = ""
    time_zone: Short = ""
    client_version: Short = ""


@patch(router, "/requesters/{int:requester_id}", scope=WRITE, out=RequesterOut, versioned=REQUESTER)
def update_requester(request: Asked, requester_id: PathId, body: RequesterChange) -> RequesterOut:
    """Correct what is known of a requester."""
    changed = change_requester(requester_id=requester_id, changes=body.given(), by=request.actor, at=clock.now())
    return RequesterOut.model_validate(changed)


class WhomIn(Sent):
    """Whom it is about: a requester, or a user."""

    requester_id: Id | None = None
    user_id: Id | None = None


class HeldCountOut(Given):
    """So many things of one kind that are held of a person."""

    label: str
    count: int


@post(router, "/erasures/preview", scope=WRITE, out=list[HeldCountOut])
def preview_erasing(request: Asked, body: WhomIn) -> list[HeldCountOut]:
    """Say what erasing somebody would take, as far as the user may see it. Nothing is written."""
    told = preview_erasure(Whom(body.requester_id, body.user_id), by=request.actor)
    return [HeldCountOut(label=str(one.label), count=one.count) for one in told]


class ErasureIn(WhomIn):
    """Whom to erase, and why."""

    reason: Erasure.Reason


class ErasureOut(Given):
    """An erasure: it goes on piece by piece until it is finished."""

    id: int
    requester_id: int | None
    user_id: int | None
    reason: str
    begun_at: datetime
    finished_at: datetime | None


@post(router, "/erasures", scope=WRITE, out=ErasureOut, status=CREATED)
def erase(request: Asked, body: ErasureIn) -> ErasureOut:
    """Erase a requester or a user. This cannot be taken back."""
    erasure = erase_person(
        requester_id=body.requester_id, user_id=body.user_id, reason=body.reason, by=request.actor, at=clock.now()
    )
    return ErasureOut.model_validate(erasure)


@get(router, "/erasures/{int:erasure_id}", scope=READ, out=ErasureOut)
def get_erasure(request: Asked, erasure_id: PathId) -> ErasureOut:
    """Say how far an erasure is."""
    require(may_manage_people(request.actor))
    return ErasureOut.model_validate(must(Erasure, erasure_id))


class TokenOut(Given):
    """A token of the API, without what it is."""

    id: int
    user_id: int
    name: str
    beginning: str
    scopes: list[str]
    rate: int
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeOut(TokenOut):
    """A token just made; `token` is told once."""

    token: str


class TokenIn(Sent):
    """A token for oneself; its scopes are among those of the token that makes it."""

    name: Short
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)]
    expires_at: Instant | None = None


@get(router, "/tokens", scope=READ, out=list[TokenOut])
def list_tokens(request: Asked) -> list[TokenOut]:
    """List the tokens of the user of this token."""
    return [TokenOut.model_validate(one) for one in tokens_of(request.actor.user_id)]


@post(router, "/tokens", scope=WRITE, out=MadeOut, status=CREATED)
def make_own_token(request: Asked, body: TokenIn) -> MadeOut:
    """Make a token for oneself, with no more scopes than this one has and no longer a life."""
    if missing := set(body.scopes) - request.scopes:
        need(request, min(missing))
    ends = request.token.expires_at
    if ends is not None and (body.expires_at is None or body.expires_at > ends):
        body.expires_at = ends
    made, token = make_token(
        user_id=request.actor.user_id or 0,
        name=body.name,
        scopes=body.scopes,
        expires_at=body.expires_at,
        rate=min(request.token.rate, TOKEN_RATE),
        by=request.actor,
        at=clock.now(),
    )
    return MadeOut(**TokenOut.model_validate(made).model_dump(), token=token)


@delete(router, "/tokens/{int:token_id}", scope=WRITE, out=Done)
def end_token(request: Asked, token_id: PathId) -> Done:
    """Make a token useless, from the next request on."""
    found = ApiToken.objects.filter(pk=token_id, user_id=request.actor.user_id or 0).first()
    if found is None:
        raise nothing_here()
    revoke_token(token_id=token_id, by=request.actor, at=clock.now())
    return Done()
