"""Every column that can hold words is known for what it holds: what is of a person goes when the person is erased."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from steward.core.personal import Holds
from steward.people.personal import OTHERS

TEXT = (
    models.TextField,
    models.CharField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
    ArrayField,
    SearchVectorField,
)
HOW = (
    "say in steward/{package}/personal.py what it holds: DESK (words about the desk itself), CODE (ids, kinds, hashes, settings), or "
    "PERSON (words of or about anybody), and then let steward/{package}/actions take it away too and plant it in "
    "tests/journeys/test_erasing.py"
)


def text_columns():
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, TEXT):
                yield model, field


OWN = [(model, field) for model, field in text_columns() if model.__module__.startswith("steward.")]


@pytest.mark.parametrize(("model", "field"), OWN, ids=[f"{model.__name__}.{field.name}" for model, field in OWN])
def test_a_column_of_text_says_what_it_holds(model, field):
    package = model.__module__.split(".")[1]
    known = import_module(f"steward.{package}.personal").PERSONAL
    assert f"{model.__name__}.{field.name}" in known, HOW.format(package=package)


def test_what_is_known_is_there():
    for package in {model.__module__.split(".")[1] for model, _field in OWN}:
        there = {f"{model.__name__}.{field.name}" for model, field in OWN if model.__module__.startswith(f"steward.{package}.")}
        known = import_module(f"steward.{package}.personal").PERSONAL
        assert set(known) - there == set()
        assert set(known.values()) <= set(Holds)


def test_tables_of_others_are_known_too():
    others = {model._meta.label for model, _field in text_columns() if not model.__module__.startswith("steward.")}
    assert others == set(OTHERS), "say in steward/people/personal.py what the columns of a new library hold"
