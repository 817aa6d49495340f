"""Defining the desk's own fields."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from steward.desk.actions.field_settings import create_field
from steward.desk.actions.settings import create_category
from steward.desk.models import CustomField
from steward.desk.queries.custom_fields import form_of
from tests.cast import SETUP, Cast

XSS = "<script>alert(1)</script>"
FORM = {
    "name": "Build",
    "kind": "text",
    "help": "As in the footer",
    "pattern": "AA-9{3}",
    "lowest": "",
    "highest": "",
    "position": "2",
    "field-0": "",
}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ana)
    return client


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_of_fields_costs_the_same_however_many_there_are(cast: Cast, admin: Client, count: int) -> None:
    under, spent = create_category(values={"name": "Access"}, by=SETUP, at=cast.at), []
    admin.get("/settings/fields/")
    for number in range(count):
        create_field(
            values={"name": f"Field {number}", "kind": "one_of"}, category_ids=[under.pk], options=["a", "b"], by=SETUP, at=cast.at
        )
        if number in {0, count - 1}:
            with CaptureQueriesContext(connection) as queries:
                assert f"Field {number}" in admin.get("/settings/fields/").content.decode()
            spent.append(len(queries))
    assert spent[0] == spent[1]


def test_a_field_is_made_changed_and_retired(cast: Cast, admin: Client) -> None:
    under = create_category(values={"name": "Access"}, by=SETUP, at=cast.at)
    made = admin.post("/settings/fields/new/", {**FORM, "category_ids": [under.pk], "required_at_solve": "on", "field-0": "KX-204"})
    assert made.status_code == 303
    field = CustomField.objects.get(name="Build")
    assert (field.default, field.everywhere, field.required_at_solve) == ("KX-204", False, True)
    assert [one.id for one in form_of(under.pk)] == [field.pk]
    about = f"/settings/fields/{field.pk}/about/"
    assert admin.post(about, {**FORM, "pattern": "9{4}", "asks_requester": "on", "field-0": "2041"}).status_code == 303
    field.refresh_from_db()
    assert (field.default, field.everywhere, field.asks_requester, field.required_at_solve) == ("2041", True, True, False)
    page = admin.get(f"/settings/fields/{field.pk}/").content.decode()
    for words in ('<del dir="auto">AA-9{3}</del>', '<ins dir="auto">9{4}</ins>', '<del dir="auto">Access</del>', 'value="2041"'):
        assert words in page, words
    admin.post(f"/settings/fields/{field.pk}/active/", {})
    assert form_of(under.pk) == []


def test_choices_are_added_renamed_and_retired(admin: Client) -> None:
    admin.post(
        "/settings/fields/new/", {**FORM, "name": "Cause", "kind": "one_of", "pattern": "", "options": "A flag\n\n A  crash \n"}
    )
    field = CustomField.objects.get(name="Cause")
    assert list(field.options.order_by("position").values_list("name", flat=True)) == ["A flag", "A crash"]
    admin.post(f"/settings/fields/{field.pk}/options/", {"options": "A human"})
    flag = field.options.get(name="A flag")
    where = f"/settings/fields/{field.pk}/options/{flag.pk}/"
    admin.post(where, {"name": "A feature flag", "position": "9"})
    admin.post(where, {"active": "0"})
    flag.refresh_from_db()
    assert (flag.name, flag.position, flag.is_active) == ("A feature flag", 9, False)
    crash = field.options.get(name="A crash")
    admin.post(f"/settings/fields/{field.pk}/about/", {**FORM, "name": "Cause", "pattern": "", "field-0": crash.pk})
    field.refresh_from_db()
    assert field.default == crash.pk
    assert (
        admin.post(f"/settings/fields/{field.pk}/options/{crash.pk}/", {"active": "0"}, headers={"HX-Request": "true"}).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"kind": "no such"}, 422, "kind"), ({"kind": "number"}, 422, "pattern"), ({"pattern": "{"}, 422, "pattern"), ({"name": " "}, 422, "name"),
        ({"kind": "one_of", "pattern": ""}, 422, "options"), ({"field-0": "x"}, 422, "default"), ({"kind": "number", "pattern": "", "field-0": "x"}, 422, "field-0"),
        ({"category_ids": "987654"}, 422, "category_ids"), ({"position": "99999"}, 422, "position"), ({"name": "taken"}, 409, "name"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_is_refused(cast: Cast, admin: Client, change: dict[str, str], status: int, named: str) -> None:
    create_field(values={"name": "Taken", "kind": "text"}, by=SETUP, at=cast.at)
    answered = admin.post("/settings/fields/new/", {**FORM, **change}, headers={"HX-Request": "true"})
    assert answered.status_code == status
    assert f'"field": "{named}"' in answered.headers["HX-Trigger"]
    assert CustomField.objects.count() == 1


def test_what_admins_write_is_harmless(cast: Cast, admin: Client) -> None:
    field = create_field(values={"name": XSS, "kind": "one_of", "help": XSS}, options=[XSS], by=SETUP, at=cast.at)
    for path in ("/settings/fields/", f"/settings/fields/{field.pk}/"):
        assert XSS not in admin.get(path).content.decode()
    assert admin.get("/settings/fields/987654/").status_code == 404
