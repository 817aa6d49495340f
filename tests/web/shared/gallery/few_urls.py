"""A server on which only one screen exists."""

from django.urls import include, path

from tests.web.shared.gallery.urls import names

urlpatterns = [path("roster/", include(names("roster:page")))]
