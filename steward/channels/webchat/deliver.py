"""Delivery to a page: the message has been there since it was written, and the live stream stirs the page."""

from steward.channels.models import Delivery


class Page:
    """The adapter of the portal and the web chat."""

    def deliver(self, delivery: Delivery) -> None:
        """Carry nothing: the fact that follows is told to the requester's open page, a closed one reads the table."""
