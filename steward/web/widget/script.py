"""The script that other pages load: as it was built, with its words in every language and its styles inside."""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import condition, require_safe

from steward.web.shared.assets import STATIC_FOLDER, static
from steward.web.widget.texts import TEXTS

PLACE = "STEWARD_WIDGET_TEXTS"
# A new release is seen within minutes; a desk out of reach leaves a page the script it knows, which keeps what is written.
CACHED = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"


def whole_script() -> tuple[str, str]:
    """Give the script and its hash."""
    return _whole(static("widget.js"))


@lru_cache(maxsize=2)
def _whole(address: str) -> tuple[str, str]:
    built = (STATIC_FOLDER / address.removeprefix(settings.STATIC_URL)).read_text(encoding="utf-8")
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language] = {key: str(text) for key, text in TEXTS.items()}
    script = built.replace(PLACE, json.dumps(words, ensure_ascii=False, separators=(",", ":")))
    return script, hashlib.sha256(script.encode()).hexdigest()[:20]


def _tag(_request: HttpRequest) -> str:
    return f'"{whole_script()[1]}"'


@require_safe
@condition(etag_func=_tag)
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    response = HttpResponse(whole_script()[0], content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = CACHED
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
