"""Facts about people survive the ledger and name nobody."""

from dataclasses import fields

import pytest

from steward.core.facts import Fact, fact_classes
from steward.people import facts

OURS = [cls for kind, cls in fact_classes().items() if kind.startswith("people.")]


def test_a_fact_comes_back_from_the_ledger_as_it_was() -> None:
    said = facts.UserChanged(user_id=3, changes={"language": ("en", "zh-hans")}, personal=("name",))
    assert facts.UserChanged.load(said.dump()) == said


@pytest.mark.parametrize("fact_class", OURS, ids=lambda cls: cls.kind)
def test_each_fact_stands_on_the_stream_of_its_subject(fact_class: type[Fact]) -> None:
    assert fact_class.subject_field in {field.name for field in fields(fact_class)}


@pytest.mark.parametrize("fact_class", OURS, ids=lambda cls: cls.kind)
def test_no_fact_has_a_field_for_a_name_or_an_address(fact_class: type[Fact]) -> None:
    assert not {"name", "email", "external_id"} & {field.name for field in fields(fact_class)}
