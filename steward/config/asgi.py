"""The application the web server runs: Django's pages and the live stream behind one dispatcher."""

from steward.config.wsgi import application as pages

# isort: split
from django.conf import settings

from steward.cli.parents import end_with_parent
from steward.config.dispatcher.app import Dispatcher
from steward.web.live import stream, widget

end_with_parent()
application = Dispatcher(
    pages,
    {"/live": stream.app, "/widget/live": widget.app},
    threads=settings.ENVIRONMENT.threads,
    max_body=settings.MAX_BODY_BYTES,
)
