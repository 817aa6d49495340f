"""Every text is marked, gathered and translated, and people read it in their language."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.test import Client
from django.utils import translation
from jinja2 import Environment

from steward.core.errors import Invalid
from steward.core.text import clean
from steward.people.models import User
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, text_of
from tools import translations

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = translations.catalogs()
SOURCE = sorted((ROOT / "steward").rglob("*.py"))
TEMPLATES = sorted((ROOT / "steward" / "web").glob("*/templates/**/*.html"))
LIBRARY_TEMPLATES = sorted((ROOT / "steward" / "web" / "shared" / "templates_django").rglob("*.html"))
CHINESE = "zh-hans"
# Names, which stay as they are in every language.
NAMES = re.compile(r"\bSteward\b")
KEYS = re.compile(r"\b(?:Ctrl|Alt|Enter|Esc)\b")
PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}

each_catalog = pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parents[1].name)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


@lru_cache(maxsize=1)
def marked() -> Catalog:
    return translations.marked_texts()


def forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if message.pluralizable else (message.string,)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDERS.findall(text))


def test_every_language_offered_has_a_catalog() -> None:
    offered = {translation.to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}
    assert offered == {path.parents[1].name for path in CATALOGS}


@each_catalog
def test_a_catalog_is_what_make_translations_writes(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == translations.updated(path, marked()), "run `make translations`"


@each_catalog
def test_every_text_marked_in_the_source_is_translated(path: Path) -> None:
    catalog, gathered = translations.read(path), list(translations.texts(marked()))
    assert len(gathered) > 1000
    for message in gathered:
        known = catalog.get(message.id, message.context)
        assert known is not None, f"{message.id!r} is not in the catalog: run `make translations`"
        assert translations.is_translated(known), f"{message.id!r} is not translated"


@each_catalog
def test_a_translation_has_the_placeholders_and_edges_of_its_text(path: Path) -> None:
    for message in filter(translations.is_translated, translations.texts(translations.read(path))):
        text = message.id[1] if message.pluralizable else message.id
        for form in forms(message):
            assert placeholders(form) == placeholders(text), text
            assert re.sub(r"%\(\w+\)[a-z]|%%", "", form).count("%") == 0, text
            assert form == form.strip() or text != text.strip(), text
            assert form.endswith("\n") == text.endswith("\n"), text


@each_catalog
def test_a_counted_text_has_the_forms_of_its_language(path: Path) -> None:
    catalog = translations.read(path)
    counted = [message for message in translations.texts(catalog) if message.pluralizable]
    assert counted
    for message in counted:
        assert len(forms(message)) == catalog.num_plurals, message.id


@each_catalog
def test_the_compiled_texts_are_those_of_the_catalog(path: Path) -> None:
    language = translation.to_language(path.parents[1].name)
    with translation.override(language):
        for message in filter(translations.is_translated, translations.texts(translations.read(path))):
            if not message.pluralizable and not message.context:
                assert translation.gettext(message.id) == message.string, "run `make setup`"


def words_outside_of_markup(text: str) -> list[str]:
    """Find literal words a person would read: between tags, and in the attributes that are read out or shown."""
    read_out = re.findall(r'\b(?:title|aria-label|placeholder|alt|data-label|data-confirm|hx-confirm)="([^"\x00]*)"', text)
    shown = re.sub(r'[\w-]+="[^"]*"?', " ", re.sub(r"<[^>]*>", "\n", text)).split("\n")
    bare = (KEYS.sub("", NAMES.sub("", words)) for words in [*shown, *read_out])
    return [words.strip() for words in bare if re.search(r"[A-Z][a-z]+|[a-z]{2,} [a-z]{2,}", words)]


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_holds_no_word_that_is_not_marked(path: Path) -> None:
    lexer = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    pieces = (
        value if kind == "data" else "\x00" if kind in {"variable_begin", "block_begin"} else ""
        for _line, kind, value in lexer.lex(path.read_text(encoding="utf-8"))
    )
    assert words_outside_of_markup("".join(pieces)) == []


@pytest.mark.parametrize("path", LIBRARY_TEMPLATES, ids=short)
def test_a_template_of_the_sign_in_library_only_arranges_texts_of_the_library(path: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", path.read_text(encoding="utf-8"))
    assert words_outside_of_markup(text) == []
    assert not re.search(r"\{%\s*(?:block)?trans", path.read_text(encoding="utf-8")), "texts of ours stand in Jinja2 or Python"


def test_the_search_for_unmarked_words_finds_them() -> None:
    assert words_outside_of_markup("<p>Hello there</p>") == ["Hello there"]
    assert words_outside_of_markup('<a title="Next page">\x00</a>') == ["Next page"]


def early_calls(path: Path) -> list[str]:
    """Find texts translated while a module is read, when nobody's language is known yet, and texts that are no literals."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    }
    found = []

    def look(node: ast.AST, *, later: bool) -> None:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            what = imported[node.func.id]
            if (what in EAGER and not later) or ("gettext" in what and not isinstance(node.args[0], ast.Constant)):
                found.append(f"{short(path)}:{node.lineno}")
        # Defaults and decorators of a function belong to the module; only its body runs later.
        body = node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
        body = [node.body] if isinstance(node, ast.Lambda) else body
        for child in ast.iter_child_nodes(node):
            look(child, later=later or child in body)

    look(tree, later=False)
    return found


def test_no_text_is_translated_before_a_language_is_known_or_put_together_from_pieces() -> None:
    assert [call for path in SOURCE for call in early_calls(path)] == []


def test_the_search_for_texts_translated_too_early_finds_them(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from django.utils.translation import gettext as _\n"
        'EARLY = _("a")\n'
        'def one(default=_("b")): return _("c")\n'
        'def two(name): return _(f"{name}")\n'
        'late = lambda: _("d")\n',
        encoding="utf-8",
    )
    assert [call.rpartition(":")[2] for call in early_calls(module)] == ["2", "3", "4"]


def speaks_chinese(who: User) -> Client:
    User.objects.filter(pk=who.pk).update(language=CHINESE)
    who.refresh_from_db()
    return as_(who)


@pytest.mark.parametrize("accepted", ["zh-CN,zh;q=0.9,en;q=0.5", "zh-Hans", "zh"])
def test_the_sign_in_page_speaks_the_language_of_the_browser(db: None, accepted: str) -> None:
    answer = Client().get("/sign-in/login/", headers={"Accept-Language": accepted})
    page = text_of(answer)
    assert answer["Content-Language"] == CHINESE
    assert '<html lang="zh-hans"' in page
    for word in ("登录", "密码", "忘记密码？"):
        assert word in page


def test_the_portal_speaks_the_language_of_the_requester(cast: Cast) -> None:
    account, _requester = asking_user("Rui")
    page = text_of(speaks_chinese(account).get("/portal/", headers={"Accept-Language": "en"}))
    for words in ("Rui，需要什么帮助？", "我的请求", "提交请求", "没有进行中的请求"):
        assert words in page


def test_the_desk_speaks_the_language_of_the_agent(cast: Cast) -> None:
    ticket = cast.ticket("The queue page is empty since this morning.", priority=1)
    ada = speaks_chinese(cast.ada)
    listed = text_of(ada.get("/tickets/?view=unassigned"))
    for words in ("未分配", "提单人", "紧急", "处理人", "领取下一单"):
        assert words in listed
    opened = text_of(ada.get(f"/tickets/{ticket.pk}/"))
    for words in (f"工单 #{ticket.pk}", "内部备注", "标为已解决", "提交了工单"):
        assert words in opened
    assert "opened the ticket" not in opened


def test_people_of_two_languages_work_side_by_side(cast: Cast) -> None:
    ada, ben = speaks_chinese(cast.ada), as_(cast.ben)
    for _turn in range(2):
        assert "我的工单" in text_of(ada.get("/tickets/"))
        page = text_of(ben.get("/tickets/"))
        assert "My tickets" in page
        assert "我的工单" not in page


@pytest.mark.parametrize(
    "path",
    ["/settings/", "/settings/people/", "/settings/queues/new/", "/settings/statuses/", "/settings/policies/", "/settings/system/"],
)
def test_the_settings_are_read_in_chinese(cast: Cast, path: str) -> None:
    answer = speaks_chinese(cast.ana).get(path)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "设置" in page
    assert "Settings" not in page


def test_a_count_is_said_in_the_form_of_the_language(cast: Cast) -> None:
    cast.ticket("Nothing loads.")
    found = text_of(speaks_chinese(cast.ada).get("/tickets/?q=loads"))
    assert "找到 1 张工单" in found


def test_a_refusal_is_said_in_the_language_of_who_asked(cast: Cast) -> None:
    answer = speaks_chinese(cast.ada).get("/tickets/999999/", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "工单 #999999 不存在，或您无权查看。"


def test_a_message_of_pure_code_is_translated_with_its_values() -> None:
    with translation.override(CHINESE), pytest.raises(Invalid) as refused:
        clean("x" * 1_200, max_length=1_000, field="body")
    assert refused.value.message == "文本有 1,200 个字符，最多 1,000 个。"
    assert refused.value.hint == "请缩短内容，或以附件形式发送。"
    with translation.override("en"), pytest.raises(Invalid, match=r"The text has 1,200 characters; 1,000 fit\."):
        clean("x" * 1_200, max_length=1_000, field="body")
