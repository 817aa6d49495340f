"""Where one's own minutes with harmful content are, and those of others for leads."""

from django.urls import path

from steward.web.care import page, people

app_name = "care"
urlpatterns = [
    path("", page.page, name="page"),
    path("wishes/", page.wishes, name="wishes"),
    path("people/", people.page, name="people"),
    path("people/<int:user_id>/", people.allow, name="allow"),
]
