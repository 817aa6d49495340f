"""Saved replies and macros in the settings: who sees which, and what a form may say."""

import pytest

from steward.desk.actions.macros import create_macro
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call, verbs
from steward.desk.models import Macro, MacroVersion, SavedReply, SavedReplyText

REPLY = {
    "name": "Reset",
    "folder": "Access",
    "scope": "private",
    "language": ["", "fr"],
    "body": ["Hello {{requester.name}}", "Bonjour"],
}
MACRO = {
    "name": "Reload",
    "scope": "private",
    "seen_version": "0",
    "step": ["a", "b"],
    "a.verb": "reply",
    "a.body": "Please reload, {{requester.first_name}}.",
    "b.verb": "priority",
    "b.priority": "2",
}


def saved(cast, who, **about):
    return create_saved_reply(about=About("Reset", **about), texts={"": "Hello"}, by=cast.actor(who), at=cast.at)


def macro(cast, who, **about):
    return create_macro(about=About("Reload", **about), calls=[Call("priority", {"priority": "2"})], by=cast.actor(who), at=cast.at)


def test_an_agent_writes_a_reply_of_her_own_and_rewrites_it(cast, client):
    client.force_login(cast.ada)
    assert client.get("/settings/saved-replies/").status_code == 200
    assert client.get("/settings/saved-replies/new/").status_code == 200
    made = client.post("/settings/saved-replies/new/", REPLY)
    assert made.status_code == 303
    row = SavedReply.objects.get()
    page = client.get(made["Location"]).content.decode()
    assert "Bonjour" in page
    assert "{{requester.name}}" in page
    client.post(f"/settings/saved-replies/{row.pk}/about/", {**REPLY, "language": [""], "body": ["Hello again"]})
    page = client.get(made["Location"]).content.decode()
    assert "Earlier texts" in page
    assert "Hello again" in page
    assert list(SavedReplyText.objects.filter(retired_at=None).values_list("body", flat=True)) == ["Hello again"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"name": " "}, 422, "name"),
        ({"body": ["{{requester.nmae}}", ""]}, 422, "body"),
        ({"language": ["", "not a language"], "body": ["a", "b"]}, 422, "language"),
        ({"language": ["fr", "fr"], "body": ["a", "b"]}, 422, "language"),
        ({"scope": "galaxy"}, 422, "scope"),
        ({"scope": "all"}, 403, ""),
        ({"scope": "team", "team": "999999"}, 422, "team"),
    ],
)
def test_a_bad_reply_is_refused_at_its_field_and_nothing_is_kept(cast, client, change, status, field):
    client.force_login(cast.ada)
    response = client.post("/settings/saved-replies/new/", {**REPLY, **change}, HTTP_HX_REQUEST="true")
    assert response.status_code == status
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not SavedReply.objects.exists()


def test_a_private_one_is_nobody_elses_on_any_screen(cast, client):
    row, other = saved(cast, cast.ada), macro(cast, cast.ada)
    for who in (cast.ben, cast.lin, cast.ana):
        client.force_login(who)
        assert "Reset" not in client.get("/settings/saved-replies/").content.decode()
        assert "Reload" not in client.get("/settings/macros/").content.decode()
        for path in (f"saved-replies/{row.pk}", f"macros/{other.pk}"):
            assert client.get(f"/settings/{path}/").status_code == 404
            assert client.post(f"/settings/{path}/active/").status_code == 404
        assert client.post(f"/settings/saved-replies/{row.pk}/about/", REPLY).status_code == 404
        assert client.post(f"/settings/macros/{other.pk}/about/", MACRO).status_code == 404


def test_a_shared_one_is_read_by_all_and_changed_by_those_who_look_after_it(cast, client):
    row, other = saved(cast, cast.lin, scope="all"), macro(cast, cast.lin, scope="team", team=cast.team)
    client.force_login(cast.ada)
    for path in (f"saved-replies/{row.pk}", f"macros/{other.pk}"):
        page = client.get(f"/settings/{path}/").content.decode()
        assert "Leads and admins look after this one." in page
        assert client.post(f"/settings/{path}/active/").status_code == 403
    client.force_login(cast.lin)
    assert client.post(f"/settings/saved-replies/{row.pk}/active/").status_code == 303
    assert not SavedReply.objects.get().is_active


@pytest.mark.parametrize(
    "path", ["saved-replies", "saved-replies/new", "saved-replies/language", "macros", "macros/new", "macros/step"]
)
def test_a_requester_and_a_stranger_see_none_of_it(cast, client, path):
    from tests.cast import user

    assert client.get(f"/settings/{path}/").status_code == 302
    client.force_login(user("Rosa", "requester"))
    assert client.get(f"/settings/{path}/")["Location"] == "/portal/"


def test_a_macro_is_made_of_every_verb_there_is_and_versions_stand(cast, client):
    client.force_login(cast.ada)
    page = client.get("/settings/macros/new/").content.decode()
    for verb in verbs():
        assert f'value="{verb.name}"' in page
        drawn = client.get("/settings/macros/step/", {"verb": verb.name})
        assert drawn.status_code == 200, verb.name
        for argument in verb.arguments:
            assert f'data-argument="{argument.name}"' in drawn.content.decode()
    made = client.post("/settings/macros/new/", MACRO)
    assert made.status_code == 303
    row = Macro.objects.get()
    assert MacroVersion.objects.get().calls == [
        {"verb": "reply", "args": {"body": "Please reload, {{requester.first_name}}."}},
        {"verb": "priority", "args": {"priority": "2"}},
    ]
    changed = client.post(f"/settings/macros/{row.pk}/about/", {**MACRO, "seen_version": "1", "step": ["b", "a"]})
    assert changed.status_code == 303
    page = client.get(made["Location"]).content.decode()
    assert "Version 2" in page
    stale = client.post(f"/settings/macros/{row.pk}/about/", {**MACRO, "seen_version": "1"}, HTTP_HX_REQUEST="true")
    assert stale.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": []}, "steps"),
        ({"a.verb": "explode"}, "verb"),
        ({"a.body": "{{nobody}}"}, "body"),
        ({"b.priority": "7"}, "priority"),
    ],
)
def test_a_bad_macro_is_refused_at_its_field(cast, client, change, field):
    client.force_login(cast.ada)
    response = client.post("/settings/macros/new/", {**MACRO, **change}, HTTP_HX_REQUEST="true")
    assert response.status_code == 422
    assert f'"field": "{field}"' in response["HX-Trigger"]
    assert not Macro.objects.exists()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_lists_cost_the_same_however_many_there_are(cast, client, assert_queries, count):
    client.force_login(cast.ada)
    client.get("/settings/macros/")
    for number in range(count):
        create_macro(about=About(f"M{number}"), calls=[Call("priority", {"priority": "2"})], by=cast.actor(cast.ada), at=cast.at)
        create_saved_reply(about=About(f"R{number}"), texts={"": "x", "fr": "y"}, by=cast.actor(cast.ada), at=cast.at)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for path in ("macros", "saved-replies"):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(f"/settings/{path}/")
        assert len([one for one in seen if "desk_macro" in one["sql"] or "desk_savedreply" in one["sql"]]) == 1
