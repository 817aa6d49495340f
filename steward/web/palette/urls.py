"""Where the palette asks."""

from django.urls import path

from steward.web.palette import find

app_name = "palette"
urlpatterns = [path("find/", find.page, name="find")]
