"""The addresses vendors call."""

from django.urls import path

from steward.web.inbound import receiving

app_name = "inbound"
urlpatterns = [path("<str:kind>/<int:channel_id>/<path:rest>", receiving.page, name="page")]
