"""What the roster holds of people, and how it lets go of it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from steward.people.actor import Actor
from steward.people.erasing import Held, Whom
from steward.roster.models import Shift


def count(whom: Whom, by: Actor) -> Sequence[Held]:  # noqa: ARG001 -- every part is asked alike
    """Count the notes beside somebody's shifts."""
    return (Held(_("Notes beside shifts"), Shift.objects.filter(user_id=whom.user_id or 0).exclude(note="").count()),)


def erase(whom: Whom, by: Actor, at: datetime) -> bool:  # noqa: ARG001 -- every part is asked alike
    """Take the notes beside somebody's shifts away; the shifts stay."""
    Shift.objects.filter(user_id=whom.user_id or 0).exclude(note="").update(note="")
    return False
