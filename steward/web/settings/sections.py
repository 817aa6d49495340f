"""The sections of the settings, each with who may go there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.channels.permissions import may_manage_channels
from steward.desk.permissions import may_keep, may_manage_automations, may_manage_desk, may_set_capacity
from steward.people.actor import Actor
from steward.people.permissions import may_manage_people, may_manage_teams, may_see_people
from steward.roster.permissions import may_manage_calendars
from steward.sla.permissions import may_manage_policies


@dataclass(frozen=True)
class Section:
    """A part of the settings: its key, name, address name, icon, what it is for, and who may go there."""

    key: str
    label: str | Promise
    url_name: str
    icon: str
    about: str | Promise
    allowed: Callable[[Actor], bool]


SECTIONS = (
    Section(
        "people",
        _("People"),
        "settings:people",
        "users",
        _("Who works here, what they may do, invitations and password links."),
        may_manage_people,
    ),
    Section(
        "teams", _("Teams"), "settings:teams", "users-round", _("Who works together. A queue belongs to a team."), may_manage_teams
    ),
    Section(
        "requesters",
        _("Requesters"),
        "settings:requesters",
        "contact-round",
        _("Who asks for help: their role, team, market, language and zone."),
        may_see_people,
    ),
    Section(
        "queues",
        _("Queues"),
        "settings:queues",
        "inbox",
        _("Where tickets wait, who sees the restricted ones, when a solved ticket closes."),
        may_manage_desk,
    ),
    Section(
        "weights",
        _("Load"),
        "settings:weights",
        "scale",
        _("What tickets weigh, how much each agent takes at once, and the languages they answer in."),
        may_set_capacity,
    ),
    Section(
        "categories",
        _("Categories"),
        "settings:categories",
        "folder-tree",
        _("What requests are about, as a tree. Reports and promises go by it."),
        may_manage_desk,
    ),
    Section(
        "fields",
        _("Fields"),
        "settings:fields",
        "text-cursor-input",
        _("What you ask beside the fixed fields, and what must be filled before solving."),
        may_manage_desk,
    ),
    Section(
        "statuses",
        _("Statuses"),
        "settings:statuses",
        "circle-dot",
        _("Your own words for the six states a ticket can be in."),
        may_manage_desk,
    ),
    Section(
        "calendars",
        _("Business calendars"),
        "settings:calendars",
        "calendar-days",
        _("When you are open: hours, holidays and the time zone they are meant in."),
        may_manage_calendars,
    ),
    Section(
        "sending",
        _("Sending"),
        "settings:sending",
        "send",
        _("For how many seconds a reply can be taken back, on each channel."),
        may_manage_desk,
    ),
    Section(
        "care",
        _("Harmful content"),
        "settings:care",
        "eye-off",
        _("How long anybody may look at covered pictures in one shift, and when to rest."),
        may_manage_desk,
    ),
    Section(
        "policies",
        _("SLA policies"),
        "settings:policies",
        "alarm-clock",
        _("What is promised to whom: first response, next response, resolution."),
        may_manage_policies,
    ),
    Section(
        "saved_replies",
        _("Saved replies"),
        "settings:saved_replies",
        "message-square-quote",
        _("What you say often, written once: for you, your team or everybody, in every language you need."),
        may_keep,
    ),
    Section(
        "macros",
        _("Macros"),
        "settings:macros",
        "zap",
        _("Several things done to a ticket at once, shown before they are done."),
        may_keep,
    ),
    Section(
        "automations",
        _("Automations"),
        "settings:automations",
        "workflow",
        _("What the desk does by itself, when something happens or time has passed: tried first, traced afterwards."),
        may_manage_automations,
    ),
    Section(
        "channels",
        _("Channels"),
        "settings:channels",
        "messages-square",
        _("Chats and mailboxes where people ask: how each is connected, how it fares, and what is stuck."),
        may_manage_channels,
    ),
    Section(
        "widget",
        _("Widget"),
        "settings:widget_sites",
        "app-window",
        _("The help chat on pages of your company: on which, and the secrets they sign with."),
        may_manage_desk,
    ),
    Section(
        "tokens",
        _("API tokens"),
        "settings:tokens",
        "key-round",
        _("Keys with which programs act in your name, or in that of a service."),
        may_see_people,
    ),
    Section(
        "webhooks",
        _("Webhooks"),
        "settings:webhooks",
        "webhook",
        _("Other systems that are told what happens to tickets, signed and tried again."),
        may_manage_channels,
    ),
    Section(
        "system",
        _("System"),
        "settings:system",
        "activity",
        _("Whether everything behind the screens keeps up, and what is stuck."),
        may_manage_desk,
    ),
)


def sections_for(actor: Actor) -> list[Section]:
    """Give the sections somebody may go to."""
    return [section for section in SECTIONS if section.allowed(actor)]
