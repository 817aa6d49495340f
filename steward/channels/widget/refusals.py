"""Why the widget does not let somebody in, in words for whoever set the page up; scripts go by the code."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.channels.rules.widget_tokens import Disbelieved, Refusal
from steward.core.errors import NotAllowed

_MINT = _("Have the page make a new token and try again.")
_TELL = _("Tell whoever runs this page.")
_WORDS: Mapping[Refusal, tuple[str | Promise, str | Promise]] = MappingProxyType(
    {
        Refusal.UNREADABLE: (_("The page's token cannot be read."), _TELL),
        Refusal.ALGORITHM: (_("The page's token is not signed with HS256."), _TELL),
        Refusal.FORGED: (_("The page's token was signed with no secret of this site."), _TELL),
        Refusal.WRONG_SITE: (_("The page's token is for another site."), _TELL),
        Refusal.EXPIRED: (_("The page's token is expired."), _MINT),
        Refusal.NOT_YET: (_("The page's token is from the future: the clocks do not agree."), _TELL),
        Refusal.LIVES_TOO_LONG: (_("The page's token lives longer than 15 minutes."), _TELL),
        Refusal.CLAIM: (_("The page's token says something that cannot be: %(what)s."), _TELL),
        Refusal.REPLAYED: (_("The page's token was used before."), _MINT),
        Refusal.SITE_UNKNOWN: (_("This desk knows no such site."), _TELL),
        Refusal.SITE_CLOSED: (_("This site is closed at the desk."), _TELL),
        Refusal.ORIGIN: (_("This page is not among those where the site may stand."), _TELL),
        Refusal.PERSON_CLOSED: (_("Your account at the desk is closed."), _("Ask your lead.")),
        Refusal.SESSION: (_("The session is over."), _MINT),
    }
)
_PASSES = frozenset({Refusal.EXPIRED, Refusal.REPLAYED, Refusal.SESSION})


class WidgetRefused(NotAllowed):
    """Somebody is not let in; `is_over` says that a new token may help."""

    def __init__(self, why: Refusal, what: str = "") -> None:
        message, hint = _WORDS[why]
        super().__init__(str(message) % {"what": what or "?"} if why == Refusal.CLAIM else str(message), hint=str(hint))
        self.code, self.is_over = why.value, why in _PASSES


def refused(error: Disbelieved) -> WidgetRefused:
    """Say why a token is not believed."""
    return WidgetRefused(error.why, error.what)
