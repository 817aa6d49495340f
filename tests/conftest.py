"""What every test may ask for: a database from the template, a fresh one of its own, and the people of the cast."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.cast import Cast, set_up
from tests.server import SERVER

TEMPLATE = "steward_template"


def _point_at(name: str) -> None:
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
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    """Give the tests that roll back a database of their own."""
    with django_db_blocker.unblock():
        SERVER.ensure_database("steward_test", template=template_database)
        _point_at("steward_test")


@pytest.fixture
def fresh_database(
    django_db_setup: None,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """Give a database of its own to a test that commits, connects twice, or kills something."""
    before, name = connection.settings_dict["NAME"], f"steward_fresh_{abs(hash(request.node.nodeid)) % 10**10}"
    with django_db_blocker.unblock():
        SERVER.drop_database(name)
        SERVER.ensure_database(name, template=template_database)
        _point_at(name)
        try:
            yield name
        finally:
            _point_at(before)
            SERVER.drop_database(name)
            assert connection.settings_dict["NAME"] == before


@pytest.fixture
def assert_queries(django_assert_num_queries: Any) -> Callable[[int], Any]:
    """Count the queries of a block: `with assert_queries(7): …`."""
    return django_assert_num_queries


@pytest.fixture
def cast(db: None) -> Cast:
    """Give a desk with the people of the cast, rolled back afterwards."""
    return set_up()


@pytest.fixture
def fresh_cast(fresh_database: str) -> Cast:
    """Give the same in a database of its own, where transactions really commit."""
    return set_up()
