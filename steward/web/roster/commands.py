"""What can be done by key or by name with the week of shifts."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, click, register

SHIFTS = _("Shifts")

register(
    Command("shifts.before", _("The week before"), click(), "chevron-left", ("[",), (Place.PAGE,), group=SHIFTS),
    Command("shifts.after", _("The week after"), click(), "chevron-right", ("]",), (Place.PAGE,), group=SHIFTS),
)
