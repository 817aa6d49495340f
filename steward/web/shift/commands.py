"""What can be done by key or by name around a shift."""

from django.utils.translation import gettext_lazy as _

from steward.web.shared.commands import Command, Place, behavior, go, register

WORKS = ("work_tickets", "answer_engineering")

register(
    Command(
        "ticket.snooze",
        _("Snooze…"),
        behavior("snooze"),
        "alarm-clock-off",
        ("z",),
        (Place.TICKET, Place.ROW),
        WORKS,
        _("later hide remind"),
    ),
    Command("shift.times", _("Handle time by category"), go("shift:handle_time"), "timer", capabilities=("see_reports",)),
    Command("shift.handover", _("Hand over and end the shift"), go("shift:handover"), "log-out", capabilities=WORKS),
)
