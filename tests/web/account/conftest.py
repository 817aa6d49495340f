"""What the tests of the account screens ask for besides."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords quickly."""
    settings.PASSWORD_HASHERS = ["tests.people.hashers.QuickArgon2"]


@pytest.fixture
def live_urls(settings: Settings) -> None:
    """Have the addresses of the account screens, without the other screens."""
    settings.ROOT_URLCONF = "tests.web.account.urls"
