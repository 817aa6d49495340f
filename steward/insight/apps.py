"""Start-up of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The package as a Django application."""

    name = "steward.insight"
    label = "insight"
