"""Where pages say who is at which ticket; the event stream itself stands beside Django, at `/live`."""

from django.urls import path

from steward.web.live.here import here

app_name = "live"
urlpatterns = [path("", here, name="here")]
