"""Start-up of the screens."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The screens as a Django application."""

    name = "steward.web"
    label = "web"

    def ready(self) -> None:
        """Make the commands of every screen known."""
        from steward.web.shared.commands import discover  # noqa: PLC0415 -- app ready

        discover()
