"""Comparing a field with what its changer saw: different fields merge, the same field shows both values."""

from django.utils.translation import gettext as _

from steward.core.errors import Conflict


def differs(field: str, *, seen: object, now: object, wanted: object, theirs: object = None, yours: object = None) -> bool:
    """Tell whether a field of a locked row is still to be set; False when it holds already what is wanted.

    Raises `Conflict` with both values when it holds neither what was seen nor what is wanted; `theirs` and `yours`
    are the two as a person reads them, where the values themselves say nothing.
    """
    if now == wanted:
        return False
    if now != seen:
        raise Conflict(
            _("Somebody else changed this meanwhile. Nothing was overwritten."),
            field=field,
            theirs=now if theirs is None else theirs,
            yours=wanted if yours is None else yours,
            hint=_("Choose which value should stand."),
        )
    return True
