"""The registry of commands: what is in it, who sees what, and that no two answer to the same keys in one place."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from steward.people.rules import Role, capabilities_of
from steward.web.shared import commands
from steward.web.shared.commands import Command, Place, drawn, every_command, go, register

TEMPLATES = sorted((Path(commands.__file__).parents[1]).glob("*/templates/**/*.html"))
# Beside a ticket stands the list it was opened from; everywhere is everywhere.
MEET = [
    {Place.EVERYWHERE, Place.LIST, Place.ROW, Place.COMPOSER},
    {Place.EVERYWHERE, Place.LIST, Place.TICKET, Place.COMPOSER},
    {Place.EVERYWHERE, Place.PAGE},
]
# What browsers, input methods and screen readers need for themselves; a desk may ask for these with Ctrl or Alt, no others.
WITH_CTRL = {"Mod+k", "Mod+Enter", "Mod+Shift+Enter", "Mod+Alt+Enter", "Alt+Enter"}
NOT_OURS = {"Tab", "Space", " ", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown", "'", "F5"}


def plain(keys: str) -> str:
    return re.sub(r"(^| )Shift\+([A-Z])(?= |$)", r"\1\2", keys)


def every_key(places: set[Place]) -> list[tuple[str, str]]:
    return [(plain(keys), one.id) for one in every_command() if places.intersection(one.places) for keys in one.keys]


@pytest.mark.parametrize("together", MEET, ids=lambda places: "+".join(sorted(places)))
def test_no_two_commands_answer_to_the_same_keys_where_both_are_live(together: set[Place]) -> None:
    pairs = combinations(every_key(together), 2)
    groups = {one.id: str(one.group) for one in every_command()}
    clashes = [
        (mine, theirs)
        for (mine, mine_id), (theirs, theirs_id) in pairs
        # Screens with commands of their own are never seen together.
        if mine_id != theirs_id and mine == theirs and (Place.PAGE not in together or groups[mine_id] == groups[theirs_id])
    ]
    assert clashes == []


@pytest.mark.parametrize("together", MEET, ids=lambda places: "+".join(sorted(places)))
def test_no_key_is_the_beginning_of_a_sequence_of_another(together: set[Place]) -> None:
    keys = {keys for keys, _id in every_key(together)}
    assert [(short, long) for short in keys for long in keys if long.startswith(f"{short} ")] == []


def test_no_key_is_taken_from_the_browser() -> None:
    for keys, name in every_key(set(Place)):
        for key in keys.split(" "):
            assert key not in NOT_OURS, name
            assert "+" not in key.removeprefix("Shift+") or key in WITH_CTRL, f"{name} takes {key}"


def test_every_command_of_a_template_is_in_the_registry_and_no_key_stands_elsewhere() -> None:
    known = {one.id for one in every_command()}
    for file in TEMPLATES:
        text = file.read_text()
        assert "data-hotkey" not in text, f"{file.name} has keys of its own: register a command and write data-command"
        for name in re.findall(r'data-command="([\w.]+)"', text):
            assert name in known, f"{file.name} carries {name}, which no screen registers"


def test_every_command_that_clicks_has_an_element_to_click() -> None:
    text = "\n".join(file.read_text() for file in TEMPLATES)
    for one in every_command():
        if one.run.kind == "click" and not one.run.target:
            screen, _dot, last = one.id.partition(".")
            assert re.search(rf"data-command=\"(?:{re.escape(one.id)}\"|{screen}\.{{{{|{{{{ '{screen}\.)", text), (one.id, last)


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        (Role.AGENT, {"next", "ticket.assign", "view.mine"}, {"go.settings:people", "go.insight:daily"}),
        (Role.REVIEWER, {"go.insight:daily", "view.all"}, {"next", "ticket.assign"}),
        (Role.ADMIN, {"go.settings:page", "go.settings:people"}, {"next"}),
    ],
)
def test_each_role_has_the_commands_it_may_run(role: Role, has: set[str], lacks: set[str]) -> None:
    ids = {one.id for one in drawn(frozenset(capabilities_of([role])), "en", "steward.config.urls")}
    assert has <= ids
    assert not lacks & ids


def test_a_name_is_given_once() -> None:
    with pytest.raises(ValueError, match=r"ticket\.assign"):
        register(Command("ticket.assign", "Something else", go("inbox:page")))
