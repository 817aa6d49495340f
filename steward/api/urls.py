"""Where the API is. What answers is loaded with the first request: a process that serves none does without it."""

from django.urls import re_path

from steward.api.door import door

app_name = "api"
# Also a line feed in an address leads here, and is refused here.
urlpatterns = [re_path(r"^v1/(?P<rest>(?s:.*))$", door, name="v1")]
