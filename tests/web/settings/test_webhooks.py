"""The webhooks' screens: a secret is shown once, every delivery can be looked at and sent again."""

from datetime import timedelta

from steward.channels.actions.webhook_sending import plan_webhooks, send_webhook
from steward.channels.models import Webhook, WebhookSecret, WebhookSending
from steward.ledger.models import Event

VALUES = {"name": "Tracker", "address": "https://127.0.0.1/steward", "kinds": "desk.ticket_opened"}


def set_up(cast, client):
    client.force_login(cast.ana)
    answer = client.post("/settings/webhooks/new/", VALUES)
    assert answer.status_code == 200
    return Webhook.objects.get(), answer


def tried(cast, count=1):
    Webhook.objects.update(created_at=cast.at - timedelta(days=30))
    for _n in range(count):
        ticket = cast.ticket()
        event = Event.objects.get(stream=f"ticket:{ticket.pk}", kind="desk.ticket_opened")
        plan_webhooks(event, at=cast.at)
        send_webhook(sending_id=WebhookSending.objects.latest("id").pk, at=cast.at)


def test_a_secret_is_shown_once_and_a_new_one_too(cast, client):
    hook, answer = set_up(cast, client)
    first = WebhookSecret.objects.get().secret
    assert first in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert first not in client.get(f"/settings/webhooks/{hook.pk}/").content.decode()
    answer = client.post(f"/settings/webhooks/{hook.pk}/secret/")
    second = WebhookSecret.objects.get(ends_at=None).secret
    assert second != first
    assert second in answer.content.decode()
    page = client.get(f"/settings/webhooks/{hook.pk}/").content.decode()
    assert second not in page
    assert "New secret" in page


def test_a_form_that_is_sent_in_place_is_answered_with_the_secret_alone(cast, client):
    client.force_login(cast.ana)
    answer = client.post("/settings/webhooks/new/", VALUES, HTTP_HX_REQUEST="true", HTTP_HX_REQUEST_TYPE="partial")
    text = answer.content.decode()
    assert WebhookSecret.objects.get().secret in text
    assert "<html" not in text


def test_a_delivery_says_how_it_went_and_is_sent_again(cast, client):
    hook, _answer = set_up(cast, client)
    tried(cast)
    row = WebhookSending.objects.get()
    page = client.get(f"/settings/webhooks/{hook.pk}/").content.decode()
    assert "network of ours" in page
    assert row.key in page
    assert "Send again all that failed" not in page
    WebhookSending.objects.update(state="failed", due_at=None)
    assert "Send again all that failed" in client.get(f"/settings/webhooks/{hook.pk}/").content.decode()
    assert client.post(f"/settings/webhooks/{hook.pk}/replay/").status_code == 303
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 0)
    WebhookSending.objects.update(state="failed", due_at=None)
    assert client.post(f"/settings/webhooks/{hook.pk}/sendings/{row.pk}/replay/").status_code == 303
    row.refresh_from_db()
    assert row.state == "waiting"
    assert client.post(f"/settings/webhooks/{hook.pk}/sendings/{row.pk + 1}/replay/").status_code == 404


def test_it_is_changed_and_switched_off_and_a_bad_address_is_refused_at_its_field(cast, client):
    hook, _answer = set_up(cast, client)
    client.post(f"/settings/webhooks/{hook.pk}/about/", {**VALUES, "name": "Other", "kinds": ""})
    client.post(f"/settings/webhooks/{hook.pk}/active/", {})
    hook.refresh_from_db()
    assert (hook.name, hook.kinds, hook.is_active) == ("Other", [], False)
    assert "Off" in client.get("/settings/webhooks/").content.decode()
    answer = client.post(
        f"/settings/webhooks/{hook.pk}/about/", {**VALUES, "address": "http://10.0.0.1/"}, HTTP_ACCEPT="application/json"
    )
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "address")
    assert client.get("/settings/webhooks/999/").status_code == 404


def test_the_page_costs_the_same_with_many_deliveries(cast, client):
    hook, _answer = set_up(cast, client)
    tried(cast, 1)
    client.get(f"/settings/webhooks/{hook.pk}/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(f"/settings/webhooks/{hook.pk}/")
    tried(cast, 5)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/settings/webhooks/{hook.pk}/")
    assert len(many) == len(few)
