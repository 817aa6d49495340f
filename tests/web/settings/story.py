"""The addresses of the settings for the cast, and reading what a page says."""

from django.urls import reverse

from steward.channels.actions.accounts import create_channel
from steward.channels.actions.webhooks import create_webhook
from steward.channels.actions.widget_sites import create_widget_site
from steward.channels.models import Channel, Webhook, WidgetSite
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.settings import create_category
from steward.desk.models import Category, CustomField, Status
from steward.people.actions import invite_user
from steward.roster.actions import create_calendar
from steward.roster.models import BusinessCalendar
from steward.sla.actions import create_default_policy
from steward.sla.models import Policy
from tests.cast import NOW, SETUP, Cast

SCREENS = [
    "settings:page",
    "settings:people",
    "settings:person",
    "settings:invitations",
    "settings:teams",
    "settings:team",
    "settings:requesters",
    "settings:requester",
    "settings:queues",
    "settings:new_queue",
    "settings:queue",
    "settings:weights",
    "settings:sending",
    "settings:categories",
    "settings:category",
    "settings:fields",
    "settings:new_field",
    "settings:field",
    "settings:statuses",
    "settings:new_status",
    "settings:status",
    "settings:calendars",
    "settings:new_calendar",
    "settings:calendar",
    "settings:policies",
    "settings:new_policy",
    "settings:policy",
    "settings:policy_match",
    "settings:channels",
    "settings:new_channel",
    "settings:channel",
    "settings:webhooks",
    "settings:new_webhook",
    "settings:webhook",
    "settings:widget_sites",
    "settings:new_widget_site",
    "settings:widget_site",
    "settings:tokens",
    "settings:system",
]
ANYBODYS = {"settings:page", "settings:tokens", "settings:requesters", "settings:requester"}
# What leads set too.
LEADS = {"settings:weights", "settings:set_agent"}
POSTS = [
    "settings:person_about",
    "settings:person_roles",
    "settings:person_teams",
    "settings:person_active",
    "settings:password_link",
    "settings:invite",
    "settings:withdraw",
    "settings:new_team",
    "settings:team_about",
    "settings:team_active",
    "settings:add_member",
    "settings:remove_member",
    "settings:requester_about",
    "settings:new_queue",
    "settings:queue_about",
    "settings:queue_active",
    "settings:grant_access",
    "settings:revoke_access",
    "settings:set_weights",
    "settings:set_agent",
    "settings:new_category",
    "settings:category_about",
    "settings:category_active",
    "settings:new_field",
    "settings:field_about",
    "settings:field_active",
    "settings:field_options",
    "settings:field_option",
    "settings:new_status",
    "settings:status_about",
    "settings:status_active",
    "settings:new_calendar",
    "settings:calendar_preview",
    "settings:publish_calendar",
    "settings:calendar_about",
    "settings:calendar_active",
    "settings:new_policy",
    "settings:publish_policy",
    "settings:policy_about",
    "settings:policy_active",
    "settings:move_policy",
    "settings:new_widget_site",
    "settings:widget_site_about",
    "settings:widget_site_active",
    "settings:issue_widget_secret",
    "settings:widget_secret",
    "settings:revoke_widget_secret",
    "settings:new_channel",
    "settings:channel_about",
    "settings:channel_active",
    "settings:check_channel",
    "settings:retry_parked",
    "settings:retry_envelope",
    "settings:drop_envelope",
    "settings:retry_failed",
    "settings:retry_outgoing",
    "settings:drop_outgoing",
    "settings:link_person",
    "settings:new_webhook",
    "settings:webhook_about",
    "settings:webhook_active",
    "settings:issue_webhook_secret",
    "settings:replay_webhook",
    "settings:replay_sending",
    "settings:retry",
]
OF_CHANNELS = {
    "channel",
    "channel_about",
    "channel_active",
    "check_channel",
    "retry_parked",
    "retry_envelope",
    "drop_envelope",
    "retry_failed",
    "retry_outgoing",
    "drop_outgoing",
    "link_person",
}
NONE_NEEDED = {
    "page",
    "people",
    "invitations",
    "invite",
    "teams",
    "new_team",
    "requesters",
    "queues",
    "new_queue",
    "categories",
    "new_category",
    "fields",
    "new_field",
    "statuses",
    "new_status",
    "calendars",
    "new_calendar",
    "calendar_preview",
    "policies",
    "new_policy",
    "policy_match",
    "tokens",
    "new_token",
    "system",
    "retry",
    "weights",
    "sending",
    "set_weights",
    "channels",
    "webhooks",
    "new_webhook",
    "widget_sites",
    "new_widget_site",
}


def address(name: str, cast: Cast) -> str:
    """Give the address of a screen for somebody or something of the cast."""
    key = name.partition(":")[2]
    if key in NONE_NEEDED:
        return reverse(name)
    return reverse(name, args=_args(key, cast))


def _args(key: str, cast: Cast) -> list[int | str]:
    if key == "new_channel":
        return ["matrix"]
    if key in OF_CHANNELS:
        return [channel(cast).pk, 1] if key.endswith(("_envelope", "_outgoing")) else [channel(cast).pk]
    return _rows(key, cast)


def _rows(key: str, cast: Cast) -> list[int | str]:
    if key in {"remove_member", "revoke_access"}:
        return [cast.team.pk if key == "remove_member" else cast.restricted.pk, cast.lin.pk]
    if key == "withdraw":
        return [invite_user(email="new@desk.example", roles=["agent"], by=SETUP, at=NOW)[0].pk]
    if key == "field_option":
        return [field().pk, field().options.order_by("id").first().pk]
    if "webhook" in key or key == "replay_sending":
        return [webhook(cast).pk, 1] if key == "replay_sending" else [webhook(cast).pk]
    if "widget" in key:
        site = widget_site()
        secret = site.secrets.latest("id").pk
        return [site.pk, secret] if key in {"widget_secret", "revoke_widget_secret"} else [site.pk]
    ids = {
        "field": field().pk,
        "person": cast.ada.pk,
        "set_agent": cast.ada.pk,
        "password": cast.ada.pk,
        "team": cast.team.pk,
        "add": cast.team.pk,
        "requester": cast.ravi.pk,
        "queue": cast.restricted.pk,
        "grant": cast.restricted.pk,
        "status": Status.objects.order_by("id").first().pk,
        "category": category().pk,
        "calendar": calendar().pk,
        "publish_calendar": calendar().pk,
        "policy": policy().pk,
        "publish_policy": policy().pk,
        "move": policy().pk,
    }
    return [ids.get(key) or ids[key.partition("_")[0]]]


def category() -> Category:
    return Category.objects.order_by("id").first() or create_category(values={"name": "Access"}, by=SETUP, at=NOW)


def field() -> CustomField:
    return CustomField.objects.order_by("id").first() or create_field(
        values={"name": "Root cause", "kind": "one_of", "required_at_solve": True}, options=["A flag", "A crash"], by=SETUP, at=NOW
    )


def widget_site() -> WidgetSite:
    made = {"name": "Moderation console", "origins": ["https://console.example"], "kept_params": ["case"]}
    return WidgetSite.objects.order_by("id").first() or create_widget_site(values=made, by=SETUP, at=NOW)


def channel(cast: Cast) -> Channel:
    return Channel.objects.filter(kind="matrix").first() or create_channel(
        kind="matrix",
        name="Console chat",
        settings={"homeserver_url": "http://127.0.0.1:9", "server_name": "chat.example"},
        secrets={"as_token": "the desk's token", "hs_token": "the server's token"},
        by=cast.actor(cast.ana),
        at=NOW,
    )


def webhook(cast: Cast) -> Webhook:
    values = {"name": "Tracker", "address": "https://hooks.example/steward"}
    return Webhook.objects.order_by("id").first() or create_webhook(values=values, by=cast.actor(cast.ana), at=NOW)[0]


def policy() -> Policy:
    return create_default_policy(by=SETUP, at=NOW)[0]


def calendar() -> BusinessCalendar:
    policy()
    return BusinessCalendar.objects.order_by("id").first()


def shut_calendar(name: str = "Nights") -> BusinessCalendar:
    """Make a calendar that is open by night."""
    slots = [{"weekday": day, "start": "22:00", "end": "06:00"} for day in range(7)]
    return create_calendar(name=name, time_zone="UTC", slots=slots, by=SETUP, at=NOW)
