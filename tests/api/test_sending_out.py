"""Webhooks and the sites of the widget, set up by a program."""

from steward.channels.models import WebhookSending, WidgetSecret
from steward.core import clock
from steward.ledger.models import Event


def test_a_webhook_is_set_up_changed_and_given_a_new_secret(cast, program):
    ana = program(cast.ana)
    made = ana.post("/webhooks", {"name": "Pager", "address": "https://pager.example/in", "kinds": ["desk.ticket_opened"]})
    assert made.status_code == 201, made.content
    number, secret = made.json()["id"], made.json()["secret"]
    assert secret.startswith("whsec_")
    read = ana.get(f"/webhooks/{number}")
    assert "secret" not in read.json()
    changed = ana("PATCH", f"/webhooks/{number}", {"is_active": False}, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["is_active"]) == (200, False)
    assert ana("PATCH", f"/webhooks/{number}", {"name": "Bell"}, If_Match=read["ETag"]).status_code == 412
    assert ana.post(f"/webhooks/{number}/secrets").json()["secret"] not in {"", secret}
    assert [one["name"] for one in ana.get("/webhooks").json()["items"]] == ["Pager"]
    assert "desk.ticket_opened" in ana.get("/webhook-kinds").json()


def test_what_failed_is_listed_and_sent_again(cast, program):
    ana = program(cast.ana)
    number = ana.post("/webhooks", {"name": "Pager", "address": "https://pager.example/in"}).json()["id"]
    ticket, now = cast.ticket(), clock.now()
    event = Event.objects.filter(stream=f"ticket:{ticket.pk}").first()
    row = WebhookSending.objects.create(
        webhook_id=number, event_id=event.pk, ticket=ticket, key="msg_1", state="failed", tries=9, created_at=now
    )
    (listed,) = ana.get(f"/webhooks/{number}/sendings").json()
    assert (listed["id"], listed["state"], listed["kind"], listed["ticket_id"]) == (row.pk, "failed", event.kind, ticket.pk)
    assert ana.post(f"/webhooks/{number}/replay").json() == {"count": 1}
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 0)
    assert ana.post(f"/webhooks/{number}/sendings/{row.pk}/replay").json() == {"count": 1}
    assert ana.post(f"/webhooks/{number}/sendings/{row.pk + 1}/replay").status_code == 404
    ana("PATCH", f"/webhooks/{number}", {"is_active": False})
    refused = ana.post(f"/webhooks/{number}/replay")
    assert (refused.status_code, refused.json()["hint"]) == (409, "Switch it on first.")


def test_an_address_within_and_a_fact_there_is_not_are_refused(cast, program):
    ana = program(cast.ana)
    within = ana.post("/webhooks", {"name": "In", "address": "http://127.0.0.1:5432/"})
    assert (within.status_code, within.json()["field"]) == (422, "address")
    unknown = ana.post("/webhooks", {"name": "In", "address": "https://pager.example/", "kinds": ["desk.nothing"]})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "kinds")


def test_a_site_of_the_widget_is_set_up_and_its_secret_replaced_and_revoked(cast, program):
    ana = program(cast.ana)
    made = ana.post("/widget-sites", {"name": "Console", "origins": ["https://console.example/path"]})
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert made.json()["origins"] == ["https://console.example"]
    first = WidgetSecret.objects.get(site_id=number)
    new = ana.post(f"/widget-sites/{number}/secrets", {"overlap": 3600})
    assert (new.status_code, new.json()["secret"][:4], new.json()["ends_at"]) == (201, "whs_", None)
    assert [one["id"] for one in ana.get(f"/widget-sites/{number}/secrets").json()] == [new.json()["id"], first.pk]
    assert ana.post(f"/widget-secrets/{new.json()['id']}/revoke").status_code == 409
    assert ana.post(f"/widget-secrets/{first.pk}/revoke").json()["ends_at"] is not None
    version = ana.get(f"/widget-sites/{number}")["ETag"]
    assert ana("PATCH", f"/widget-sites/{number}", {"is_active": False}, If_Match=version).json()["is_active"] is False
    assert ana.get("/widget-sites").json()["items"][0]["key"].startswith("site_")


def test_only_who_sets_channels_up_sees_and_does_any_of_it(cast, program):
    ana, ada = program(cast.ana), program(cast.ada)
    hook = ana.post("/webhooks", {"name": "Pager", "address": "https://pager.example/in"}).json()["id"]
    site = ana.post("/widget-sites", {"name": "Console", "origins": ["https://console.example"]}).json()["id"]
    for path in ("/webhooks", "/webhook-kinds", f"/webhooks/{hook}/sendings", "/widget-sites", f"/widget-sites/{site}/secrets"):
        assert ada.get(path).status_code == 403, path
    for path in (f"/webhooks/{hook}", f"/widget-sites/{site}"):
        assert ada.get(path).status_code == 404, path
    assert ada.post("/webhooks", {"name": "Mine", "address": "https://x.example/"}).status_code == 403
    assert ada.post(f"/webhooks/{hook}/secrets").status_code == 403
    assert ada.post(f"/webhooks/{hook}/replay").status_code == 403
    assert ada.post(f"/widget-sites/{site}/secrets", {}).status_code == 403
    assert program(cast.ana, "tickets:read").get("/webhooks").status_code == 403
