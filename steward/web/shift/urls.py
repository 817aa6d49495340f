"""Where one's shift is."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from steward.web.shared.blocks import Block, register_block
from steward.web.shift import breaks, handed, handling, handover, page, snooze, team

app_name = "shift"
urlpatterns = [
    path("", page.page, name="page"),
    path("break/", breaks.create, name="break"),
    path("break/end/", breaks.destroy, name="end_break"),
    path("team/", team.block, name="team"),
    path("handover/", handover.page, name="handover"),
    path("handovers/<int:handover_id>/", handed.page, name="handed"),
    path("handovers/<int:handover_id>/read/", handed.read, name="read"),
    path("handling/", handling.by_category, name="handle_time"),
    path("handling/<int:ticket_id>/", handling.create, name="beat"),
    path("handling/<int:ticket_id>/panel/", handling.panel, name="handling"),
    path("handling/<int:ticket_id>/<int:handling_id>/", handling.correct, name="correct"),
    path("snooze/", snooze.page, name="snooze"),
    path("snooze/<int:ticket_id>/end/", snooze.destroy, name="unsnooze"),
    path("snooze/<int:ticket_id>/seen/", snooze.accept, name="seen"),
]
register_block(Block("team", _("Who is on shift"), "shift:team", "users", ("manage_shifts",), place=10))
