import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from steward.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from steward.web.shared import errors

pytestmark = pytest.mark.usefixtures("gallery_settings")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/12?tab=notes"}


class CannotReopen(Conflict):
    code = "cannot_reopen"


REFUSALS = [
    (NotAllowed("Only a lead may do that.", hint="Ask Lin."), 403, "not_allowed"),
    (NotFound("There is no such ticket."), 404, "not_found"),
    (Invalid("Too long.", field="body"), 422, "invalid"),
    (Conflict("Ben changed it.", field="priority", theirs=1, yours=2), 409, "conflict"),
    (CannotReopen("It is merged."), 409, "cannot_reopen"),
    (DomainError("No."), 422, "refused"),
]


def ask(error: Exception, **headers: str) -> HttpResponse:
    request = RequestFactory().post("/x", headers=headers)
    answer = errors.DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return answer


@pytest.mark.parametrize(("error", "status", "code"), REFUSALS)
def test_a_refusal_reaches_the_page_as_a_toast_that_replaces_nothing(error, status, code) -> None:
    answer = ask(error, **HTMX)
    assert answer.status_code == status
    assert answer["HX-Reswap"] == "none"
    assert '<hx-partial hx-target="#toaster"' in answer.content.decode()
    assert error.message in answer.content.decode()
    told = json.loads(answer["HX-Trigger"])["steward:refused"]
    assert (told["code"], told["message"], told["status"]) == (code, error.message, status)
    assert told["field"] == getattr(error, "field", "")


@pytest.mark.parametrize(("error", "status", "code"), REFUSALS)
def test_a_refusal_reaches_a_person_as_a_page(error, status, code) -> None:
    answer = ask(error, Accept="text/html")
    assert answer.status_code == status
    assert f"<h1>{error.message}</h1>" in answer.content.decode()


@pytest.mark.parametrize(("error", "status", "code"), REFUSALS)
def test_a_refusal_reaches_a_script_as_json(error, status, code) -> None:
    answer = ask(error, Accept="application/json")
    assert answer.status_code == status
    told = json.loads(answer.content)["error"]
    assert (told["code"], told["message"]) == (code, error.message)
    if type(error) is Conflict:
        assert (told["theirs"], told["yours"]) == (1, 2)


def test_a_message_in_any_script_survives_the_header() -> None:
    told = json.loads(ask(Invalid("文字太长 \n é", field="body"), **HTMX)["HX-Trigger"])["steward:refused"]
    assert told["message"] == "文字太长 \n é"


def test_other_faults_are_not_swallowed() -> None:
    request = RequestFactory().get("/x")
    assert errors.DomainErrorMiddleware(lambda _request: HttpResponse()).process_exception(request, ValueError()) is None


def test_what_is_raised_in_a_view_goes_through_the_middleware() -> None:
    answer = Client().post("/refuse", headers=HTMX)
    assert answer.status_code == 403
    assert "Only a lead may do that." in answer.content.decode()


def test_a_session_that_ended_is_told_without_replacing_the_page() -> None:
    answer = Client().get("/guarded", headers=HTMX)
    assert answer.status_code == 401
    assert "/sign-in?next=%2Ftickets%2F12%3Ftab%3Dnotes" in answer.content.decode()


def test_without_htmx_the_redirect_to_the_sign_in_page_stays_one() -> None:
    assert Client().get("/guarded").status_code == 302


def test_a_redirect_elsewhere_is_left_alone() -> None:
    request = RequestFactory().post("/x", headers=HTMX)
    answer = errors.DomainErrorMiddleware(lambda _request: HttpResponseRedirect("/tickets/12"))(request)
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("view", "status", "code"),
    [
        (lambda request: errors.bad_request(request, ValueError()), 400, "bad_request"),
        (lambda request: errors.forbidden(request, PermissionDenied()), 403, "not_allowed"),
        (lambda request: errors.not_found(request, ValueError()), 404, "not_found"),
        (errors.server_error, 500, "server_error"),
        (errors.csrf_failure, 403, "stale_page"),
    ],
)
def test_the_faults_of_the_framework_speak_the_same_way(view, status, code) -> None:
    page = view(RequestFactory().get("/x", headers={"Accept": "text/html"}))
    assert page.status_code == status
    assert "<h1>" in page.content.decode()
    toast = view(RequestFactory().post("/x", headers=HTMX))
    assert json.loads(toast["HX-Trigger"])["steward:refused"]["code"] == code
    told = view(RequestFactory().get("/x", headers={"Accept": "application/json"}))
    assert json.loads(told.content)["error"]["code"] == code


def test_a_fault_is_answered_even_when_no_page_can_be_drawn(monkeypatch, caplog) -> None:
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(errors, "render", fail)
    answer = errors.server_error(RequestFactory().get("/x", headers={"Accept": "text/html"}))
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.content.decode()


def test_a_get_that_is_refused_does_not_speak_of_changes() -> None:
    request = RequestFactory().get("/x", headers=HTMX)
    assert "Nothing was changed" not in errors.refuse(request, NotFound("Gone.")).content.decode()
    assert "Nothing was changed" in ask(NotFound("Gone."), **HTMX).content.decode()
