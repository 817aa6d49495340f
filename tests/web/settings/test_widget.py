from steward.channels.models import WidgetSecret, WidgetSite
from steward.channels.queries.widget import secret_of
from steward.ledger.models import Event

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
VALUES = {"name": "Console", "origins": "https://Console.example/some/page\nhttp://127.0.0.1:8601", "kept_params": "case, queue"}


def test_a_site_is_set_up_put_into_a_page_and_given_a_new_secret(cast, client):
    client.force_login(cast.ana)
    assert client.post("/settings/widget/new/", VALUES).status_code in {302, 303}
    site = WidgetSite.objects.get()
    assert (site.origins, site.kept_params) == (["https://console.example", "http://127.0.0.1:8601"], ["case", "queue"])
    first = WidgetSecret.objects.get()
    page = client.get(f"/settings/widget/{site.pk}/").content.decode()
    assert site.key in page
    assert secret_of(first) not in page, "a secret stands in no page that was only opened"
    shown = client.post(f"/settings/widget/{site.pk}/secrets/{first.pk}/show/", **HTMX)
    assert secret_of(first) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    client.post(f"/settings/widget/{site.pk}/secrets/", {"overlap": "24"})
    old, new = WidgetSecret.objects.order_by("id")
    assert (old.ends_at is not None, new.ends_at) == (True, None)
    assert secret_of(old) != secret_of(new)
    assert client.post(f"/settings/widget/{site.pk}/secrets/{new.pk}/revoke/").status_code == 409
    client.post(f"/settings/widget/{site.pk}/secrets/{old.pk}/revoke/")
    client.post(f"/settings/widget/{site.pk}/active/", {})
    kinds = list(Event.objects.filter(stream=f"widget_site:{site.pk}").order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "channels.widget_site_created",
        "channels.widget_secret_issued",
        "channels.widget_secret_issued",
        "channels.widget_secret_revoked",
        "channels.widget_site_changed",
    ]
    told = str(list(Event.objects.filter(stream=f"widget_site:{site.pk}").values_list("payload", flat=True)))
    assert first.seed not in told
    page = client.get(f"/settings/widget/{site.pk}/").content.decode()
    assert "Closed" in page
    assert "An old secret is believed no longer" in page


def test_what_is_no_page_is_refused_in_words(cast, client):
    client.force_login(cast.ana)
    for origins in (
        "console.example",
        "javascript:alert(1)",
        "https://*.example",
        "",
        "\n".join(f"https://{n}.example" for n in range(21)),
    ):
        answer = client.post("/settings/widget/new/", {**VALUES, "origins": origins}, HTTP_ACCEPT="application/json")
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "origins"), origins
    client.post("/settings/widget/new/", VALUES)
    twice = client.post("/settings/widget/new/", VALUES, HTTP_ACCEPT="application/json")
    assert (twice.status_code, twice.json()["error"]["field"]) == (409, "name")


def test_a_secret_of_one_site_is_not_shown_by_another(cast, client):
    client.force_login(cast.ana)
    client.post("/settings/widget/new/", VALUES)
    client.post("/settings/widget/new/", {**VALUES, "name": "Two"})
    one, two = WidgetSite.objects.order_by("id")
    foreign = WidgetSecret.objects.get(site=two)
    for what in ("show", "revoke"):
        assert client.post(f"/settings/widget/{one.pk}/secrets/{foreign.pk}/{what}/").status_code == 404
