"""Where one's notices are."""

from django.urls import path

from steward.web.notices import page

app_name = "notices"
urlpatterns = [
    path("", page.page, name="page"),
    path("count/", page.count, name="count"),
    path("read/", page.read, name="read"),
    path("<int:batch_id>/read/", page.read_batch, name="read_batch"),
]
