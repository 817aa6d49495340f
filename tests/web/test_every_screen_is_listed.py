"""No screen stays unlooked at: an address is in a list of screens, answers to forms alone, or is named as what it is."""

import re

from django.test import Client
from django.urls import resolve

from tests.browser.screens import NO_SCREENS, PEOPLE, names_of_addresses
from tests.browser.story import fill
from tests.cast import Cast
from tests.web.ticket.acting import as_

METHOD_NOT_ALLOWED = 405


def answers_to_forms_alone(client: Client, pattern: str) -> bool:
    path = re.sub(r"<int:\w+>", "1", pattern)
    path = re.sub(r"<slug:\w+>", "reply", path)
    path = re.sub(r"<str:\w+>", "x", path)
    return "<" not in path and client.get(path).status_code == METHOD_NOT_ALLOWED


def test_every_screen_is_in_a_list(cast: Cast) -> None:
    tickets = fill(cast)
    looked_at = {
        resolve(path.partition("?")[0]).view_name for screens in PEOPLE.values() for path in screens(cast, tickets).values()
    }
    exempt = set().union(*NO_SCREENS.values())
    ana = as_(cast.ana)
    missing = {
        name: pattern
        for name, pattern in names_of_addresses().items()
        if name not in looked_at | exempt and not answers_to_forms_alone(ana, pattern)
    }
    assert missing == {}, "add these to tests/browser/screens.py"


def test_nothing_is_excused_that_does_not_exist() -> None:
    assert set().union(*NO_SCREENS.values()) <= set(names_of_addresses())
