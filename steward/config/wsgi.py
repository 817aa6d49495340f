"""Django's side of the server, with the built screens' files before it."""

import os
import re

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steward.config.settings")

from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- the settings must be loaded first
from whitenoise import WhiteNoise  # noqa: E402 -- the settings must be loaded first

from steward.web.shared.assets import library_folders  # noqa: E402 -- the settings must be loaded first

# A built file's name holds the hash of its contents: whoever has it need never ask again.
_HASHED = re.compile(r"-[0-9A-Za-z]{8,}\.\w+$")


def _never_changes(_path: str, url: str) -> bool:
    return bool(_HASHED.search(url))


application = WhiteNoise(
    pages,
    root=str(settings.STATIC_FOLDER),
    prefix=settings.STATIC_URL,
    max_age=3600,
    immutable_file_test=_never_changes,
    allow_all_origins=False,
)
for folder in library_folders():
    application.add_files(str(folder), prefix=settings.STATIC_URL)
