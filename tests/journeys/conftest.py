"""A whole desk for a whole story: its own database, its own processes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from steward.people.actions import set_password
from steward.roster.actions import create_calendar
from steward.sla.actions import create_policy
from steward.sla.actions.defaults import ALWAYS
from steward.sla.rules.kinds import ClockKind
from tests.cast import SETUP, Cast
from tests.chromium import Visitors, browser
from tests.site import Site, running
from tests.web.portal.signing_in import user_of

__all__ = ["browser"]
PASSWORD = "four quiet herons by the weir"


@pytest.fixture
def desk(
    browser: Browser, django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Cast]]:
    """Run a desk that answers around the clock, where Ravi, Ada and Lin can sign in."""
    # Noon by the desk's own clock: no story is cut in two by a midnight.
    zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    with (
        django_db_blocker.unblock(),
        running("steward_journey", template=template_database, STEWARD_TIME_ZONE=zone) as (site, cast),
    ):
        cast.on_shift(cast.ada)
        always = create_calendar(name="Around the clock", time_zone="UTC", slots=ALWAYS, by=SETUP, at=cast.at)
        targets = {kind.value: {"3": 3600} for kind in ClockKind}
        create_policy(name="Standard", calendar=always, targets=targets, by=SETUP, at=cast.at)
        for user in (user_of(cast.ravi), cast.ada, cast.lin):
            set_password(user_id=user.pk, password=PASSWORD, how="self", by=SETUP, at=cast.at)
        yield site, cast


@pytest.fixture
def visitors(browser: Browser, desk: tuple[Site, Cast]) -> Iterator[Visitors]:
    """Give people their browsers; fails afterwards for any script error or breach of the content policy."""
    visitors = Visitors(browser, desk[0].address)
    yield visitors
    visitors.leave()
    assert visitors.problems == []
