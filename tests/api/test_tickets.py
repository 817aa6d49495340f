"""The thread of a ticket, from opening to solving, by a program."""

from datetime import timedelta

from steward.core import clock
from steward.desk.models import Message, Ticket
from steward.ledger.models import Event


def test_a_program_takes_a_ticket_from_opening_to_solving(cast, program):
    ada = program(cast.ada)
    made = ada.post("/tickets", {"requester_id": cast.ravi.pk, "body": "It is empty.", "subject": "Empty", "priority": 2})
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert made.json()["requester"] == {"id": cast.ravi.pk, "name": "Ravi"}
    listed = ada.get("/tickets?q=is:new&limit=1").json()
    assert [one["id"] for one in listed["items"]] == [number]

    seen = ada.get(f"/tickets/{number}")
    assert seen.json()["subject"] == "Empty"
    note = ada.post(f"/tickets/{number}/notes", {"body": "Looks like the cache."})
    assert (note.status_code, note.json()["kind"]) == (201, "note")
    assert ada("PUT", f"/tickets/{number}/assignee", {"user_id": cast.ada.pk}).json()["assignee"]["name"] == "Ada"
    changed = ada("PATCH", f"/tickets/{number}", {"priority": 1, "subject": "Empty page"})
    assert (changed.json()["priority"], changed.json()["subject"]) == (1, "Empty page")
    said = ada.post(f"/tickets/{number}/replies", {"body": "Try again please.", "then": "pending"})
    assert said.json()["author"]["user"]["name"] == "Ada"
    due = (clock.now() + timedelta(days=1)).isoformat()
    promised = ada.post(f"/tickets/{number}/follow-ups", {"what": "Ask again", "due_at": due}).json()
    assert ada.post(f"/follow-ups/{promised['id']}/finish", {"outcome": "done"}).json()["outcome"] == "done"
    assert ada.post(f"/tickets/{number}/solve").json()["state"] == "solved"
    bodies = [one["body"] for one in ada.get(f"/tickets/{number}/messages").json()["items"]]
    assert bodies[:3] == ["It is empty.", "Looks like the cache.", "Try again please."]
    kinds = [one["kind"] for one in ada.get(f"/tickets/{number}/events").json()["items"]]
    assert kinds[0] == "desk.ticket_opened"
    assert "desk.ticket_solved" in kinds


def test_what_a_program_does_is_its_users_and_names_the_token(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    ada.post(f"/tickets/{ticket.pk}/notes", {"body": "By a program."})
    event = Event.objects.filter(kind="desk.note_added").get()
    assert (event.actor_kind, event.actor_id) == ("agent", cast.ada.pk)
    assert event.cause.startswith("token:")


def test_a_list_is_walked_by_its_cursor(cast, program):
    ada, made = program(cast.ada), [cast.ticket(f"Number {number}").pk for number in range(5)]
    found, cursor = [], ""
    for _page in range(3):
        page = ada.get(f"/tickets?limit=2&cursor={cursor}").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert (found, cursor) == (made[::-1], None)


def test_messages_are_walked_from_the_first(cast, program):
    ada, ticket = program(cast.ada), cast.ticket("first")
    for number in range(3):
        ada.post(f"/tickets/{ticket.pk}/notes", {"body": f"note {number}"})
    page = ada.get(f"/tickets/{ticket.pk}/messages?limit=3").json()
    rest = ada.get(f"/tickets/{ticket.pk}/messages?limit=3&cursor={page['next']}").json()
    assert [one["body"] for one in page["items"] + rest["items"]] == ["first", "note 0", "note 1", "note 2"]


def test_a_filter_that_cannot_be_read_is_refused(cast, program):
    told = program(cast.ada).get("/tickets?q=is:nonsense")
    assert (told.status_code, told.json()["field"]) == (422, "q")


def test_a_file_is_uploaded_put_on_a_note_and_downloaded(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = ada.client.post(
        "/api/v1/files", {"file": SimpleUploadedFile("log.txt", b"a line\n")}, headers={"Authorization": f"Bearer {ada.token}"}
    )
    assert sent.status_code == 201, sent.content
    note = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "see", "files": [sent.json()["handle"]]}).json()
    got = ada.get(f"/attachments/{note['files'][0]['id']}")
    assert b"".join(got.streaming_content) == b"a line\n"
    other = program(cast.ben).post(f"/tickets/{ticket.pk}/notes", {"body": "see", "files": [sent.json()["handle"]]})
    assert (other.status_code, other.json()["field"]) == (422, "files")


def test_a_change_made_from_an_older_version_is_refused_with_the_present(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    version = ada.get(f"/tickets/{ticket.pk}")["ETag"]
    first = ada("PATCH", f"/tickets/{ticket.pk}", {"priority": 1}, If_Match=version)
    assert first.status_code == 200
    assert first["ETag"] not in {"", version}
    second = ada("PATCH", f"/tickets/{ticket.pk}", {"priority": 4}, If_Match=version)
    assert second.status_code == 412
    assert second["Content-Type"] == "application/problem+json"
    assert second.json()["current"]["priority"] == 1
    assert second["ETag"] == first["ETag"]
    assert ada("PATCH", f"/tickets/{ticket.pk}", {"priority": 4}, If_Match=first["ETag"]).json()["priority"] == 4
    assert Ticket.objects.get(pk=ticket.pk).priority == 4


def test_an_unchanged_ticket_is_not_sent_again(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    version = ada.get(f"/tickets/{ticket.pk}")["ETag"]
    assert ada.get(f"/tickets/{ticket.pk}", If_None_Match=version).status_code == 304


def test_a_request_sent_again_under_its_key_is_done_once(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    first = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "once"}, Idempotency_Key="k1")
    again = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "once"}, Idempotency_Key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert Message.objects.filter(body="once").count() == 1
    other = ada.post(f"/tickets/{ticket.pk}/notes", {"body": "twice"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "key_used_otherwise")
    assert program(cast.ben).post(f"/tickets/{ticket.pk}/notes", {"body": "mine"}, Idempotency_Key="k1").status_code == 201


def test_a_refused_request_leaves_its_key_free(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    assert ada.post(f"/tickets/{ticket.pk}/notes", {"body": ""}, Idempotency_Key="k2").status_code == 422
    assert ada.post(f"/tickets/{ticket.pk}/notes", {"body": "now"}, Idempotency_Key="k2").status_code == 201
