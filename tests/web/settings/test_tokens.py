"""Making and revoking tokens of the API on their screen."""

from steward.people.models import ApiToken


def made(client, **values):
    form = {"name": "Nightly export", "scopes": ["tickets:read"], "days": "90", "rate": "600", **values}
    return client.post("/settings/tokens/new/", form)


def test_a_token_is_shown_once_and_works_until_it_is_revoked(cast, client):
    client.force_login(cast.ada)
    page = made(client).content.decode()
    token = page.partition('value="steward_')[2].partition('"')[0]
    assert token
    row = ApiToken.objects.get()
    assert (row.user_id, row.made_by_id) == (cast.ada.pk, cast.ada.pk)
    assert token not in client.get("/settings/tokens/").content.decode()
    headers = {"Authorization": f"Bearer steward_{token}"}
    assert client.get("/api/v1/tickets", headers=headers).status_code == 200
    client.post(f"/settings/tokens/{row.pk}/revoke/")
    assert client.get("/api/v1/tickets", headers=headers).status_code == 401


def test_only_an_admin_makes_one_for_somebody_else(cast, client):
    client.force_login(cast.ada)
    assert made(client, user_id=str(cast.ben.pk)).status_code == 403
    client.force_login(cast.ana)
    assert made(client, user_id=str(cast.ben.pk)).status_code == 200
    assert (ApiToken.objects.get().user_id, ApiToken.objects.get().made_by_id) == (cast.ben.pk, cast.ana.pk)


def test_one_sees_and_revokes_ones_own_only(cast, client):
    client.force_login(cast.ana)
    made(client)
    row = ApiToken.objects.get()
    client.force_login(cast.ada)
    assert "Nightly export" not in client.get("/settings/tokens/").content.decode()
    assert client.post(f"/settings/tokens/{row.pk}/revoke/").status_code == 404
    client.force_login(cast.ana)
    assert "Nightly export" in client.get("/settings/tokens/").content.decode()


def test_a_form_without_a_scope_is_refused_in_words(cast, client):
    client.force_login(cast.ada)
    assert made(client, scopes=[]).status_code == 422
    assert made(client, scopes=["everything"]).status_code == 422
    assert made(client, rate="0").status_code == 422
    assert ApiToken.objects.count() == 0
