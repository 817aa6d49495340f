"""The arithmetic of conditions and of chains: exhaustive, without a database."""

import pytest

from steward.desk.rules.chains import DEEPEST, Chain, chain_of
from steward.desk.rules.conditions import OPERATORS, Condition, FieldKind, Operator, alternatives, holds, match

Is = Operator


@pytest.mark.parametrize(
    ("operator", "found", "wanted", "so"),
    [
        (Is.IS, "open", "open", True),
        (Is.IS, "Open", "open", True),
        (Is.IS, "open", "new", False),
        (Is.IS, 2, "2", True),
        (Is.IS, None, "none", False),
        (Is.IS, "DE", "fr, de", True),
        (Is.IS, "", "fr", False),
        (Is.IS_NOT, "open", "new", True),
        (Is.IS_NOT, "open", "open", False),
        (Is.IS_NOT, None, "x", True),
        (Is.AT_LEAST, 1, "2", True),
        (Is.AT_LEAST, 2, "2", True),
        (Is.AT_LEAST, 3, "2", False),
        (Is.AT_LEAST, None, "2", False),
        (Is.AT_LEAST, "x", "2", False),
        (Is.AT_MOST, 3, "2", True),
        (Is.AT_MOST, 1, "2", False),
        (Is.AT_MOST, "", "2", False),
        (Is.HAS, frozenset({"VIP", "x"}), "vip", True),
        (Is.HAS, frozenset(), "vip", False),
        (Is.HAS_NOT, frozenset({"vip"}), "vip", False),
        (Is.HAS_NOT, frozenset(), "vip", True),
        (Is.CONTAINS, "The Queue page", "queue", True),
        (Is.CONTAINS, "The Queue page", "inbox, page", True),
        (Is.CONTAINS, "队列是空的", "队列", True),
        (Is.CONTAINS, None, "x", False),
        (Is.CONTAINS, frozenset({"abc"}), "b", True),
        (Is.CONTAINS_NOT, "The page", "queue", True),
        (Is.CONTAINS_NOT, "The queue", "queue", False),
    ],
)
def test_each_operator_decides(operator, found, wanted, so):
    assert holds(operator, found, wanted) is so


def test_an_operator_and_its_opposite_never_agree():
    pairs = [(Is.IS, Is.IS_NOT), (Is.HAS, Is.HAS_NOT), (Is.CONTAINS, Is.CONTAINS_NOT)]
    for found in ("", "a", "ab", 1, None, frozenset({"a"}), frozenset()):
        for wanted in ("a", "1", "b,a"):
            for one, other in pairs:
                assert holds(one, found, wanted) is not holds(other, found, wanted)


def test_every_kind_of_field_has_operators_and_each_operator_a_kind():
    assert set(OPERATORS) == set(FieldKind)
    assert {operator for operators in OPERATORS.values() for operator in operators} == set(Operator)


def test_all_must_hold_and_one_of_the_others_where_there_are_any():
    values = {"a": "1", "b": "2"}
    yes, no = Condition("a", Is.IS, "1"), Condition("b", Is.IS, "1")

    def decide(one):
        return holds(one.operator, values[one.field], one.value)

    assert match([], [], decide)
    assert match([yes], [], decide)
    assert not match([yes, no], [], decide)
    assert match([yes], [no, yes], decide)
    assert not match([yes], [no], decide)


def test_a_condition_comes_back_as_it_was_stored():
    one = Condition("tag", Is.HAS_NOT, "vip")
    assert Condition.load(one.dump()) == one
    assert alternatives(" , ") == (" , ",)


def test_a_chain_is_written_into_the_request_and_read_back():
    chain = Chain(7).then(3).then(12)
    assert chain_of(99, chain.write()) == chain
    for other in ("", "abc", "rules:7:", "rules:x:1", "rules:7:1;drop"):
        assert chain_of(99, other) == Chain(99)


def test_a_chain_knows_who_set_it_off_who_came_before_and_when_it_is_too_deep():
    chain = Chain(7).then(3).then(12)
    assert chain.set_off_by(12)
    assert not chain.set_off_by(3)
    assert chain.comes_round_to(3)
    assert not chain.comes_round_to(12)
    assert not chain.comes_round_to(4)
    assert not Chain(7).set_off_by(3)
    deep = Chain(7)
    for rule in range(DEEPEST):
        assert not deep.is_deepest
        deep = deep.then(rule)
    assert deep.is_deepest
