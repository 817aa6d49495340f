"""Start-up of the screens."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The screens as a Django application."""

    name = "steward.web"
    label = "web"
