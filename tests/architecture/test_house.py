"""What imports cannot show: who writes, what points where, how large a file may be, and what is documented."""

import ast
import dataclasses
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from steward.config.environment import Environment
from steward.core.facts import fact_class

ROOT = Path(__file__).resolve().parents[2]
SOURCE = sorted((ROOT / "steward").rglob("*.py"))
MODELS = [model for model in apps.get_models() if model.__module__.startswith("steward.")]
LONGEST_FILE = 400
# A rule is held package by package: a test for each file would cost more than what it looks at.
PACKAGES = sorted({path.relative_to(ROOT / "steward").parts[0] for path in SOURCE})
each_package = pytest.mark.parametrize("package", PACKAGES)


def files_of(package):
    return [path for path in SOURCE if path.relative_to(ROOT / "steward").parts[0] == package]


@cache
def tree(path):
    return ast.parse(path.read_text(), filename=str(path))


def name_of(path):
    return str(path.relative_to(ROOT))


FOREIGN = [
    (model, field)
    for model in MODELS
    for field in model._meta.get_fields()
    if isinstance(field, models.ForeignKey) and not field.auto_created
]


@pytest.mark.parametrize(("model", "field"), FOREIGN, ids=[f"{model.__name__}.{field.name}" for model, field in FOREIGN])
def test_nothing_with_history_is_deleted_and_nobody_below_learns_who_is_above(model, field):
    assert field.remote_field.on_delete is models.PROTECT
    if field.remote_field.model._meta.app_label != model._meta.app_label:
        assert field.remote_field.hidden, "a foreign key that leaves its package has related_name='+'"


WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "add",
    "set",
    "clear",
    "remove",
}
ON_ROWS_ONLY = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
QUERIES = {"objects", "filter", "exclude", "all", "select_for_update", "order_by", "annotate", "using"}
MODEL_NAMES = {model.__name__ for model in MODELS}
# No rows of the house: Django's sessions and allauth's forms keep their own tables, and a picture is drawn into memory.
FRAMEWORK = {"self.client", "request.session", "session", "form", "super()", "backend", "storage", "target", "picture"}


def writes_in(path):
    """Find calls that write rows: `Model.objects….update(…)`, `row.save(…)`, or `x_set.filter(…).delete()`."""
    for node in ast.walk(tree(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        chain, inner = [], node.func.value
        while isinstance(inner, ast.Attribute | ast.Call):
            if isinstance(inner, ast.Attribute):
                chain.append(inner.attr)
                inner = inner.value
            else:
                inner = inner.func
        root = inner.id if isinstance(inner, ast.Name) else ""
        said = ast.unparse(node.func.value)
        if said in FRAMEWORK or root in FRAMEWORK:
            continue
        on_rows = bool(QUERIES & set(chain)) or any(part.endswith("_set") for part in chain) or root in MODEL_NAMES
        if (
            on_rows
            or (node.func.attr in ON_ROWS_ONLY and node.func.attr != "create")
            or (node.func.attr == "create" and "objects" in chain)
        ):
            yield f"{name_of(path)}:{node.lineno} {said}.{node.func.attr}(…)"


def may_write(path):
    parts = path.relative_to(ROOT / "steward").parts
    return "migrations" in parts or "actions" in parts or path.name == "actions.py" or parts[0] == "core"


@each_package
def test_actions_are_the_only_writers(package):
    assert [write for path in files_of(package) if not may_write(path) for write in writes_in(path)] == []


def test_the_search_for_writers_finds_them():
    found = [write for path in SOURCE if "actions" in path.parts for write in writes_in(path)]
    assert len(found) > 20


@each_package
def test_no_file_is_too_long(package):
    lines = {name_of(path): path.read_text().count("\n") for path in files_of(package) if "migrations" not in path.parts}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


@each_package
def test_no_signal_hides_a_verb(package):
    for path in files_of(package):
        _hears_no_signal_and_saves_plainly(path)


def _hears_no_signal_and_saves_plainly(path):
    for node in ast.walk(tree(path)):
        for decorator in getattr(node, "decorator_list", []):
            assert "receiver" not in ast.unparse(decorator), f"{name_of(path)}:{node.lineno} hears a signal"
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
            assert "save" not in {part.name for part in node.body if isinstance(part, ast.FunctionDef)}, (
                f"{name_of(path)}: logic in save()"
            )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_table_has_an_order_of_its_own(model):
    assert not model._meta.ordering
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}("), "a model says what it is"


def test_constraints_are_named_for_their_table():
    for model in MODELS:
        table = model._meta.db_table
        for constraint in model._meta.constraints:
            assert constraint.name.startswith(table + "_"), constraint.name


def deferred_names():
    for path in SOURCE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "defer" and node.args:
                first = node.args[0]
                yield path, node.lineno, first.value if isinstance(first, ast.Constant) else None


def test_every_job_deferred_by_name_exists():
    from procrastinate.contrib.django import app

    calls = list(deferred_names())
    assert calls
    for path, line, name in calls:
        assert name is not None, f"{name_of(path)}:{line} defers a name that cannot be checked"
        assert name in app.tasks, f"{name_of(path)}:{line} defers {name!r}, which no job is called"


def test_every_job_has_a_name_of_its_package():
    from procrastinate.contrib.django import app

    for name, task in app.tasks.items():
        module = task.func.__module__
        if module.startswith("steward."):
            assert name.partition(".")[0] == module.split(".")[1], name


def documented(page):
    path = ROOT / "docs" / page
    return set(re.findall(r"^### `([^`]+)`", path.read_text(), re.MULTILINE))


def known_facts():
    """Give the facts a process knows after its start, by kind; those of tests left out."""
    program = "import django; django.setup(); from steward.core.facts import fact_classes as f; print(*[k for k in f()])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return set(said.split())


def written_facts():
    """Give the kinds of all facts in the source, with their class definitions."""
    for path in SOURCE:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                for keyword in node.keywords:
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                        yield keyword.value.value, node


@cache
def facts():
    return dict(written_facts())


def test_every_process_can_read_every_fact_from_its_start():
    assert known_facts() == set(facts())


def test_every_fact_is_documented_and_nothing_else_is():
    assert documented("facts.md") == set(facts())


def test_every_field_of_a_fact_is_documented_and_nothing_else_is():
    sections = (ROOT / "docs" / "facts.md").read_text().split("\n### `")[1:]
    told = {section.partition("`")[0]: set(re.findall(r"`(\w+)` \(", section)) for section in sections}
    for kind in facts():
        fact = fact_class(kind)
        assert fact is not None
        assert told.get(kind) == {field.name for field in dataclasses.fields(fact)}, kind


def test_every_fact_says_in_one_sentence_what_happened():
    for kind, fact in facts().items():
        assert (ast.get_docstring(fact) or "").split("\n")[0].endswith("."), kind


def test_every_setting_is_documented_and_nothing_else_is():
    prefix = Environment.model_config["env_prefix"]
    known = {str(field.validation_alias or f"{prefix}{name}".upper()) for name, field in Environment.model_fields.items()}
    assert documented("settings.md") == known


DOMAIN = ("ledger", "people", "roster", "desk", "sla", "channels", "insight", "core")


@pytest.mark.parametrize(
    "path", [path for path in SOURCE if path.name == "__init__.py" and path.parent.parent == ROOT / "steward"], ids=name_of
)
def test_every_package_says_what_it_is(path):
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("package", DOMAIN)
def test_time_is_an_argument(package):
    found = []
    for path in files_of(package):
        parts = path.relative_to(ROOT / "steward").parts
        if any(part.removesuffix(".py") in {"rules", "actions", "queries", "models", "facts", "permissions"} for part in parts):
            found += [
                f"{name_of(path)}: {call}"
                for call in re.findall(r"\bclock\.now\(|\bdatetime\.now\(|\btimezone\.now\(|\butcnow\(", path.read_text())
            ]
    assert found == []


def test_every_behavior_is_held_by_a_test_that_exists() -> None:
    listed = (ROOT / "docs" / "behaviors.md").read_text(encoding="utf-8")
    rows = [line for line in listed.splitlines() if re.match(r"\| \d+ \| .* \| `(test|tests/)", line)]
    named = {name for row in rows for name in re.findall(r"`((?:tests/\w+/)?test_\w+\.py)`", row)}
    places = {name: ROOT / (name if "/" in name else f"tests/behaviors/{name}") for name in named}
    assert not [name for name, place in places.items() if not place.exists()]
    kept = {path.name for path in (ROOT / "tests" / "behaviors").glob("test_b*.py")}
    assert kept <= named, "list it in docs/behaviors.md"
