"""The front door's addresses."""

from django.urls import path

from steward.web.home import door, health

urlpatterns = [
    path("", door.page, name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
