"""Refusals: one shape whatever is wrong, and never a fault of ours."""

from datetime import timedelta

import pytest

from steward.core import clock
from steward.people.actions import deactivate_user
from steward.people.models import ApiToken
from steward.people.rules import Scope


def told(response, status, code=None):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"] == f"urn:steward:problem:{body['code']}"
    assert body["title"]
    if code is not None:
        assert body["code"] == code
    return body


def test_without_a_good_token_nobody_is_let_in(cast, program, client):
    told(client.get("/api/v1/tickets"), 401, "not_signed_in")
    told(client.get("/api/v1/tickets", headers={"Authorization": "Bearer steward_made-up"}), 401)
    client.force_login(cast.ada)
    told(client.get("/api/v1/tickets"), 401)
    ada = program(cast.ada, expires_at=clock.now() + timedelta(hours=1))
    assert ada.get("/tickets").status_code == 200
    ApiToken.objects.update(expires_at=clock.now())
    told(ada.get("/tickets"), 401)


def test_a_user_who_is_shut_out_is_so_for_programs_too(cast, program):
    ada = program(cast.ada)
    deactivate_user(user_id=cast.ada.pk, by=cast.actor(cast.ana), at=clock.now())
    told(ada.get("/tickets"), 401)


def test_a_scope_is_needed_and_the_users_permission_too(cast, program):
    reads, ticket = program(cast.ada, Scope.TICKETS_READ), cast.ticket()
    assert told(reads.post(f"/tickets/{ticket.pk}/notes", {"body": "x"}), 403, "scope_missing")["scope"] == "tickets:write"
    told(program(cast.ada).post("/queues", {"name": "Mine"}), 403, "not_allowed")


def test_an_address_that_leads_nowhere_and_a_verb_that_does(cast, program):
    ada = program(cast.ada)
    told(ada.get("/nothing"), 404)
    told(ada.get("/tickets/99999"), 404)
    told(ada.get("/tickets/abc"), 404)
    told(ada.get("/tickets/9999999999999999999999"), 404)
    refused = ada("DELETE", "/tickets")
    told(refused, 405)
    assert {"GET", "POST"} <= set(refused["Allow"].split(", "))


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[1]", b"\xff\xfe", b'{"body": NaN}', b'{"body": "a\\u0000b"}', b'{"body": "\\ud800"}', b'{"body": "x", "body": "y"}',
        b"[" * 100_000, b'{"body": ' + b"9" * 5_000 + b"}", b'{"body": 1}', b'{"body": "x", "more": 1}', b"null", b"",
    ],
    ids=lambda body: repr(body[:16]),
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(cast, program, body):
    ada, ticket = program(cast.ada), cast.ticket()
    headers = {"Authorization": f"Bearer {ada.token}"}
    response = ada.client.generic(
        "POST", f"/api/v1/tickets/{ticket.pk}/notes", data=body, content_type="application/json", headers=headers
    )
    assert response.status_code in {400, 422}
    told(response, response.status_code)


def test_another_kind_of_body_is_refused(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    headers = {"Authorization": f"Bearer {ada.token}"}
    sent = ada.client.generic("POST", f"/api/v1/tickets/{ticket.pk}/notes", "<a/>", content_type="text/xml", headers=headers)
    told(sent, 415)


def test_what_an_action_refuses_names_the_field_and_what_to_do(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    refused = told(ada("PUT", f"/tickets/{ticket.pk}/status", {"state": "on_hold"}), 422, "invalid")
    assert refused["field"] == "reason"
    assert refused["hint"]


def test_two_who_disagree_are_told_both_values(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    program(cast.ben)("PUT", f"/tickets/{ticket.pk}/assignee", {"user_id": cast.ben.pk})
    body = told(ada("PUT", f"/tickets/{ticket.pk}/assignee", {"user_id": cast.ada.pk, "seen": None}), 409)
    assert body["field"] == "assignee"


def test_beyond_its_rate_a_token_waits(cast, program):
    ada = program(cast.ada, rate=3)
    left = [ada.get("/tickets?limit=1")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = ada.get("/tickets?limit=1")
    told(refused, 429, "too_many_requests")
    assert 1 <= int(refused["Retry-After"]) <= 20


def test_a_fault_of_ours_is_told_as_one(cast, program, monkeypatch):
    from steward.api.v1 import follow_ups

    monkeypatch.setattr(follow_ups, "walk", lambda *_args, **_more: 1 / 0)
    told(program(cast.ada).get("/follow-ups"), 500, "server_error")


def test_a_key_that_cannot_be_one_is_refused(cast, program):
    ada, ticket = program(cast.ada), cast.ticket()
    told(ada.post(f"/tickets/{ticket.pk}/notes", {"body": "x"}, Idempotency_Key="k" * 201), 400)


def test_half_a_form_is_refused(cast, program):
    ada = program(cast.ada)
    headers = {"Authorization": f"Bearer {ada.token}"}
    for key in ({}, {"Idempotency-Key": "f1"}):
        sent = ada.client.generic(
            "POST", "/api/v1/files", b"--x\r\nbroken", content_type="multipart/form-data; boundary=x", headers=headers | key
        )
        assert sent.status_code in {400, 422}
        told(sent, sent.status_code)
