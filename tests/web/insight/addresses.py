"""The addresses of the server with the report's among them."""

from django.urls import include, path

from steward.config.urls import urlpatterns as known

urlpatterns = [path("report/", include("steward.web.insight.urls")), *known]
