"""What every test may ask for: a database from the template, a fresh one of its own, and the people of the cast."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.cast import Cast, set_up
from tests.server import SERVER

# The databases of one test process: the migrated template, the same with the cast in it, and a copy of each for tests
# that roll back. Making the cast through its actions takes a tenth of a second, and a thousand tests want one.
TEMPLATE, CAST_TEMPLATE = "steward_template", "steward_cast_template"
EMPTY, WITH_CAST = "steward_test", "steward_test_cast"
_made: dict[str, Cast] = {}
_numbers = count(1)


def _point_at(name: str) -> None:
    if connection.settings_dict["NAME"] == name:
        return
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def template_database(django_db_blocker: DjangoDbBlocker) -> str:
    """Migrate once; every database of this run is a copy of the result."""
    with django_db_blocker.unblock():
        SERVER.ensure_database(TEMPLATE)
        _point_at(TEMPLATE)
        call_command("migrate", verbosity=0)
        connections.close_all()
        SERVER.ensure_database(CAST_TEMPLATE, template=TEMPLATE, copy_files=True)
        _point_at(CAST_TEMPLATE)
        _made["cast"] = set_up()
        connections.close_all()
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    """Give the tests that roll back their two databases."""
    with django_db_blocker.unblock():
        SERVER.ensure_database(EMPTY, template=template_database, copy_files=True)
        SERVER.ensure_database(WITH_CAST, template=CAST_TEMPLATE, copy_files=True)
        _point_at(EMPTY)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Point at the right one of the two before any fixture opens a transaction."""
    if _made:
        _point_at(WITH_CAST if "cast" in getattr(item, "fixturenames", ()) else EMPTY)


@pytest.fixture
def fresh_database(
    django_db_setup: None,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """Give a database of its own to a test that commits, connects twice, or kills something."""
    template = CAST_TEMPLATE if "fresh_cast" in request.fixturenames else template_database
    before, name = connection.settings_dict["NAME"], f"steward_fresh_{next(_numbers)}"
    with django_db_blocker.unblock():
        SERVER.ensure_database(name, template=template, copy_files=True)
        _point_at(name)
        try:
            yield name
        finally:
            _point_at(before)
            SERVER.drop_database(name)


@pytest.fixture
def assert_queries(django_assert_num_queries: Any) -> Callable[[int], Any]:
    """Count the queries of a block: `with assert_queries(7): …`."""
    return django_assert_num_queries


@pytest.fixture
def cast(db: None) -> Cast:
    """Give a desk with the people of the cast, rolled back afterwards."""
    # The first test of a process may have opened its transaction before the copies were there.
    return deepcopy(_made["cast"]) if connection.settings_dict["NAME"] == WITH_CAST else set_up()


@pytest.fixture
def fresh_cast(fresh_database: str) -> Cast:
    """Give the same in a database of its own, where transactions really commit."""
    return deepcopy(_made["cast"])
