"""The application the web server runs: Django's pages and the live stream behind one dispatcher."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steward.config.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402

from steward.cli.parents import end_with_parent  # noqa: E402
from steward.config.dispatcher.app import Dispatcher  # noqa: E402
from steward.web.live import stream  # noqa: E402

end_with_parent()
application = Dispatcher(
    pages,
    {"/live": stream.app},
    threads=settings.ENVIRONMENT.threads,
    max_body=settings.MAX_BODY_BYTES,
)
