"""What every test may ask for: a database from the template, a fresh one of its own, and the people of the cast."""

import gc
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import jinja2
import pytest
from django.db import connections
from django.template import engines
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from pytest_django import DjangoDbBlocker

from steward.web.shared import environment
from tests.cast import Cast, set_up
from tests.databases import drop, keep_open, lead_to_server, make, now_at, point_at
from tests.server import start, template_folder
from tests.template import TEMPLATE

# The databases of one test process: the migrated template, the same with the cast in it, and a copy of each for tests
# that roll back. Making the cast through its actions takes a tenth of a second, and a thousand tests want one.
CAST_TEMPLATE = "steward_cast_template"
EMPTY, WITH_CAST = "steward_test", "steward_test_cast"
_made: dict[str, Cast] = {}
# A machine that stood still is no finding: speed is measured in the bench.
settings.register_profile("steward", deadline=None)
settings.load_profile("steward")
_numbers = count(1)


@pytest.fixture(scope="session")
def template_database(django_db_blocker: DjangoDbBlocker) -> str:
    """Start the server; every database of this run is a copy of the migrated one in it."""
    start(template_folder())
    with django_db_blocker.unblock():
        lead_to_server()
        make(CAST_TEMPLATE, template=TEMPLATE)
        point_at(CAST_TEMPLATE)
        _made["cast"] = set_up()
        connections.close_all()
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> None:
    """Give the tests that roll back their two databases."""
    with django_db_blocker.unblock():
        make(EMPTY, template=template_database)
        make(WITH_CAST, template=CAST_TEMPLATE)
        keep_open(EMPTY, WITH_CAST)
        point_at(EMPTY)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what will be there to the end, and templates stay compiled from run to run."""
    gc.collect()
    gc.freeze()
    # Each is held to its source by a checksum; what else compiling depends on names the folder.
    depends = [jinja2.__version__, sys.version, inspect.getsource(environment)]
    folder = template_folder().parent / "templates" / hashlib.sha256("\0".join(depends).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(str(folder))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Point at the right one of the two before any fixture opens a transaction."""
    if _made:
        point_at(WITH_CAST if "cast" in getattr(item, "fixturenames", ()) else EMPTY)


@pytest.fixture
def fresh_database(
    django_db_setup: None,
    template_database: str,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """Give a database of its own to a test that commits, connects twice, or kills something."""
    template = CAST_TEMPLATE if "fresh_cast" in request.fixturenames else template_database
    before, name = now_at(), f"steward_fresh_{next(_numbers)}"
    with django_db_blocker.unblock():
        make(name, template=template)
        point_at(name)
        try:
            yield name
        finally:
            point_at(before)
            drop(name)


@pytest.fixture
def assert_queries(django_assert_num_queries: Any) -> Callable[[int], Any]:
    """Count the queries of a block: `with assert_queries(7): …`."""
    return django_assert_num_queries


@pytest.fixture
def cast(db: None) -> Cast:
    """Give a desk with the people of the cast, rolled back afterwards."""
    # The first test of a process may have opened its transaction before the copies were there.
    return deepcopy(_made["cast"]) if now_at() == WITH_CAST else set_up()


@pytest.fixture
def fresh_cast(fresh_database: str) -> Cast:
    """Give the same in a database of its own, where transactions really commit."""
    return deepcopy(_made["cast"])


@pytest.fixture
def afresh(fresh_cast: Cast, fresh_database: str) -> Callable[[], None]:
    """Give a way to make the database of `fresh_cast` the untouched copy again, and its people those of the beginning."""

    def begin() -> None:
        connections.close_all()
        drop(fresh_database)
        make(fresh_database, template=CAST_TEMPLATE)
        vars(fresh_cast).update(vars(deepcopy(_made["cast"])))

    return begin
