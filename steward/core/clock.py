"""The one place where the present is read; rules and actions take the instant as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return datetime.now(UTC)
