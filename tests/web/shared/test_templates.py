import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from jinja2 import UndefinedError

from steward.people.actor import anonymous
from steward.web.shared import environment
from tests.web.shared.gallery import urls as gallery_pages

pytestmark = pytest.mark.usefixtures("gallery_settings")
FOLDERS = environment.template_folders()
FILES = [file for folder in FOLDERS for file in sorted(folder.rglob("*.html"))]
DJANGO_FILES = sorted((FOLDERS[0].parents[1] / "shared" / "templates_django").rglob("*.html"))
COMPONENTS = [file for file in FILES if file.parent.name == "components"]


def short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


@pytest.mark.parametrize("file", FILES, ids=short)
def test_a_template_says_what_it_is_and_what_it_needs(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("{# "), "the first line is a comment that lists the inputs"


@pytest.mark.parametrize("file", [*FILES, *DJANGO_FILES], ids=short)
def test_no_template_holds_what_the_content_policy_forbids(file: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    for opening in re.findall(r"<script[^>]*>", text):
        assert " src=" in opening or 'type="application/json"' in opening
    # A literal of the template itself may be called safe; nothing that comes from elsewhere.
    assert not re.search(r"[^'\"\s]\s*\|\s*safe\b", text)


@pytest.mark.parametrize("file", COMPONENTS, ids=short)
def test_every_macro_lists_its_inputs(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for macro, following in re.findall(r"{% macro (\w+)\([^%]*?%}\n(.*)", text):
        assert following.startswith("{#"), f"{file.name}: {macro}"


def test_a_name_that_was_not_given_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        engines["jinja2"].from_string("{{ nothing_like_this }}").render({})


def test_text_of_people_is_escaped_in_every_component() -> None:
    bad = '<script>alert("x")</script>'
    template = engines["jinja2"].from_string(
        """{{ ui.conversation.message(1, bad, bad, at, "requester", detail=bad, attachments=[{"name": bad, "href": "/f", "size": 1, "image": ""}]) }}
        {{ ui.conversation.note(1, bad, bad, at) }}{{ ui.conversation.event(bad, at, actor=bad) }}{{ ui.people.person(bad, bad) }}
        {{ ui.badges.tag(bad) }}{{ ui.badges.chip(bad, title=bad) }}{{ ui.forms.field("a", bad, bad, hint=bad, errors=[bad]) }}
        {{ ui.forms.textarea("b", bad, bad) }}{{ ui.forms.select("c", bad, [(bad, bad)], bad) }}{{ ui.table.facts([(bad, bad)]) }}
        {{ ui.tickets.row(1, bad, "/t/1", "open", 3, bad, at, preview=bad, assignee=bad, tags=[bad]) }}
        {{ ui.composer.box("reply", "/r", "1", bad, bad, who=bad) }}{{ ui.feedback.toast(bad, bad, bad) }}
        {{ ui.conversation.question(1, bad, [(bad, bad, "", "")], "/q", csrf_token=bad) }}"""
    )
    shown = template.render({"bad": bad, "at": gallery_pages.context()["now"]})
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_password_never_comes_back_in_a_form() -> None:
    shown = engines["jinja2"].from_string('{{ ui.forms.field("p", "Password", "secret", type="password") }}').render({})
    assert "secret" not in shown


def test_components_speak_the_language_of_the_reader() -> None:
    template = engines["jinja2"].from_string("{{ ui.badges.state('open') }}{{ _('%(count)s rows', count=3) }}")
    with translation.override("zh-hans"):
        assert 'data-state="open"' in template.render({})


def test_a_page_for_somebody_not_signed_in_offers_no_way_to_sign_out() -> None:
    request = RequestFactory().get("/desk")
    request.actor = anonymous()  # type: ignore[attr-defined]
    shown = gallery_pages.engine().get_template("portal.html").render(gallery_pages.context(), request)
    assert "Sign out" not in shown
    request.actor = gallery_pages.ACTOR  # type: ignore[attr-defined]
    assert "Sign out" in gallery_pages.engine().get_template("portal.html").render(gallery_pages.context(), request)


def test_a_field_carries_the_attributes_it_was_given() -> None:
    shown = engines["jinja2"].from_string(
        '{{ ui.forms.field("a", "A", attrs={"autocomplete": "name", "readonly": true, "maxlength": 5, "hidden_one": none, "disabled": false}) }}'
    )
    html = shown.render({})
    assert ' autocomplete="name" readonly maxlength="5"' in html
    assert "disabled" not in html
    assert "hidden-one" not in html


def test_no_look_but_the_known_ones_is_taken_from_the_cookie() -> None:
    request = RequestFactory().get("/desk")
    request.COOKIES["theme"] = '"><script>'
    request.actor = SimpleNamespace(name="", capabilities=(), user_id=None, is_signed_in=False, kind="anonymous")  # type: ignore[attr-defined]
    shown = gallery_pages.engine().get_template("sign_in.html").render({}, request)
    assert 'data-theme="system"' in shown
