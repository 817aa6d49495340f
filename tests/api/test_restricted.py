"""A restricted queue is invisible to all but named people, on every path of the API."""

import re

from steward.api.v1.site import described
from steward.core import clock
from steward.desk.actions.replies import add_note
from steward.desk.models import Attachment, FollowUp, Message, Tag
from tests.api.conftest import program_of

SECRET = "zqxsecret"


def planted(cast):
    """Put a ticket where only Lin sees it, with everything on it that has a number of its own."""
    from datetime import timedelta

    from steward.desk.actions.changing import add_tag
    from steward.desk.actions.drafts import Typed, save_draft
    from steward.desk.actions.filing import bytes_upload, store_file
    from steward.desk.actions.following_up import add_follow_up
    from steward.desk.models import Draft

    lin, at = cast.actor(cast.lin), clock.now()
    ticket = cast.ticket(f"{SECRET} body", subject=f"{SECRET} subject", queue=cast.restricted)
    note = add_note(
        ticket_id=ticket.pk,
        body=f"{SECRET} note",
        files=[store_file(bytes_upload(f"{SECRET}.txt", SECRET.encode()))],
        by=lin,
        at=at,
    )
    add_tag(ticket_id=ticket.pk, name=f"{SECRET} tag", by=lin, at=at)
    due = at + timedelta(days=1)
    promise = add_follow_up(ticket_id=ticket.pk, owner=cast.lin, what=SECRET, due_at=due, by=lin, at=at)
    draft = save_draft(ticket_id=ticket.pk, kind=Draft.Kind.NOTE, typed=Typed(body=SECRET, client_token="t"), by=lin, at=at)
    return {
        "ticket_id": ticket.pk,
        "message_id": note.pk,
        "attachment_id": Attachment.objects.get(message=note).pk,
        "follow_up_id": promise.pk,
        "draft_id": draft.pk,
        "tag_id": Tag.objects.get().pk,
        "conversation_id": Message.objects.filter(ticket=ticket).earliest("id").conversation_id,
    }


def test_nobody_else_reads_of_it_on_any_path(cast):
    numbers = planted(cast)
    ada, lin = program_of(cast.ada, rate=60_000), program_of(cast.lin, rate=60_000)
    tried, seen_by_lin = 0, 0
    for path, methods in described()["paths"].items():
        if "get" not in methods:
            continue
        place = re.sub(r"{(\w+)}", lambda match: str(numbers.get(match[1], 1)), path).removeprefix("/api/v1")
        if "/daily/" in place:
            place = f"/reports/daily/{clock.now().date()}"
        if place == "/shifts":
            place += "?start=2026-03-01T00:00:00Z&end=2026-03-09T00:00:00Z"
        response = ada.get(place)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert SECRET.encode() not in content, place
        if "{ticket_id}" in path or "{message_id}" in path or "{attachment_id}" in path:
            assert response.status_code == 404, place
        theirs = lin.get(place)
        seen_by_lin += SECRET.encode() in (b"".join(theirs.streaming_content) if theirs.streaming else theirs.content)
        tried += 1
    assert tried > 50
    assert seen_by_lin >= 6, "the story must be there to be read"
    for query in (SECRET, f"{SECRET} is:open", f"tag:{SECRET}", str(numbers["ticket_id"]), f"in:{cast.restricted.pk}"):
        response = ada.client.get("/api/v1/tickets", {"q": query}, headers={"Authorization": f"Bearer {ada.token}"})
        assert response.status_code == 422 or response.json()["items"] == [], query


BODIES = {
    "notes": {"body": "x"},
    "replies": {"body": "x"},
    "held-replies": {"body": "x"},
    "assignee": {"user_id": None},
    "status": {"state": "solved"},
    "queue": {"queue_id": 1, "reason": "x"},
    "tags": {"name": "x"},
    "snooze": {"until": "reply"},
    "participants": {"email": "x@y.example"},
    "links": {"other_id": 1, "kind": "related"},
    "merge": {"source_ids": [1]},
    "harm": {"harm": "hate"},
    "asides": {"topic": "x", "body": "x", "party": "x", "address": "x@y.example"},
    "split": {"message_id": 1},
    "follow-ups": {"what": "x", "due_at": "2999-01-01T00:00:00Z"},
    "finish": {"outcome": "done"},
    "move": {"to_ticket_id": 1},
    "erase": {"reason": "asked"},
    "shared": {"is_shared": True},
    "do": {"calls": [{"verb": "note", "args": {"body": "x"}}]},
}


def test_nobody_else_changes_it_on_any_path_or_learns_its_version(cast):
    numbers = planted(cast)
    ada, tried = program_of(cast.ada, rate=60_000), 0
    for path, methods in described()["paths"].items():
        named = set(re.findall(r"{(\w+)}", path))
        if not named & set(numbers) or "multipart" in str(methods):
            continue
        place = re.sub(r"{(\w+)}", lambda match: str(numbers.get(match[1], "note" if match[1] == "kind" else 1)), path)
        for method in set(methods) - {"get"}:
            body = BODIES.get(path.rsplit("/", 1)[1], {"body": "x", "version": 0} if "drafts" in path else {})
            for headers in ({}, {"If_Match": '"0"'}):
                response = ada(method.upper(), place.removeprefix("/api/v1"), body, **headers)
                is_own = "/drafts/{draft_id}" in path and method == "delete"
                assert response.status_code in ({404, 422, 200} if is_own else {404, 422}), (method, place, response.content)
                assert SECRET.encode() not in response.content
                assert "ETag" not in response
            tried += 1
    assert tried > 35
    assert FollowUp.objects.get().done_at is None
    assert Message.objects.filter(ticket_id=numbers["ticket_id"]).count() == 2
