"""Addresses of the daily report, under `report/`."""

from django.urls import path

from steward.web.insight import daily, rows

app_name = "insight"
urlpatterns = [
    path("daily/", daily.latest, name="daily"),
    path("daily/<str:day>/", daily.page, name="daily_on"),
    path("daily/<str:day>/<str:figure>/", rows.page, name="daily_rows"),
]
