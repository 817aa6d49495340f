"""All addresses of the server, with the built files beside them."""

from django.conf import settings
from django.urls import re_path
from django.views.static import serve

from steward.config.urls import urlpatterns as everything
from steward.web.shared.assets import STATIC_FOLDER

urlpatterns = [
    *everything,
    re_path(rf"^{settings.STATIC_URL.lstrip('/')}(?P<path>.+)$", serve, {"document_root": STATIC_FOLDER}),
]
