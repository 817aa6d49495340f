"""Start-up of the desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The desk as a Django application."""

    name = "steward.desk"
    label = "desk"

    def ready(self) -> None:
        """Start following the ledger, register the desk's check and its kinds of notices."""
        from steward.desk import subscribers  # noqa: F401, PLC0415 -- app ready
        from steward.desk.actions import erasing_people  # noqa: PLC0415 -- app ready
        from steward.desk.actions.automations import desk_occasions  # noqa: PLC0415 -- app ready
        from steward.desk.actions.carrying import declare_carried  # noqa: PLC0415 -- app ready
        from steward.desk.actions.verbs import custom, fields, moving, sleeping, speaking  # noqa: PLC0415 -- app ready
        from steward.desk.facts import (  # noqa: F401, PLC0415 -- an event is read by its fact, in every process
            automations,
            bulk,
            care,
            settings,
            shared,
            structure,
            ticket,
            work,
        )
        from steward.desk.notice_kinds import declare_desk_notices  # noqa: PLC0415 -- app ready
        from steward.desk.queries.care import care_problems  # noqa: PLC0415 -- app ready
        from steward.desk.queries.filtering import custom as _custom_operators  # noqa: F401, PLC0415 -- the operators of filters
        from steward.desk.queries.filtering import desk as _desk_operators  # noqa: F401, PLC0415 -- the operators of filters
        from steward.desk.queries.verification import problems  # noqa: PLC0415 -- app ready
        from steward.ledger.subscriptions import register_check  # noqa: PLC0415 -- app ready
        from steward.people.erasing import Part, declare_part  # noqa: PLC0415 -- app ready
        from steward.people.notice_kinds import declare_notice_kind  # noqa: PLC0415 -- app ready

        register_check("desk.tickets", problems)
        register_check("desk.views", care_problems)
        for verbs in (fields, moving, custom, sleeping, speaking):
            verbs.register()
        desk_occasions.register()
        declare_notice_kind("draft_taken", _("Your draft was taken over"))
        declare_notice_kind("draft_left", _("A draft was left by somebody who no longer works here"))
        declare_notice_kind("reply_came_back", _("A reply was not sent and is a draft again"))
        declare_desk_notices()
        declare_carried()
        declare_part(Part("desk", erasing_people.count, erasing_people.erase, erasing_people.forget))
