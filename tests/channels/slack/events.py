"""Payloads in the shape of the documentation: docs.slack.dev, "message", "message_changed", "block_actions payload"."""

from typing import Any

from steward.channels.contract import Account
from steward.channels.rules.kinds import ChannelKind
from tests.slack_server import APP_TOKEN, BOT, BOT_TOKEN, SECRET, TEAM


def account(**more: Any) -> Account:
    settings = {"team_id": TEAM, "bot_user_id": BOT, **more.pop("settings", {})}
    secrets = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SECRET, **more.pop("secrets", {})}
    return Account(7, ChannelKind.SLACK, "Slack", settings, secrets)


def event(kind: str, event_id: str = "Ev1", **inner: Any) -> dict[str, Any]:
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "type": "event_callback",
        "event_id": event_id,
        "event": {"type": kind, **inner},
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


def message(text: str = "hi", **more: Any) -> dict[str, Any]:
    told = {"channel": "C1", "channel_type": "channel", "user": "U1", "ts": "1700000000.000100", "text": text}
    return event("message", more.pop("event_id", "Ev1"), **{**told, **more})


def tap(value: str = "yes", **more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "trigger_id": "13345.98",
        "user": {"id": "U1", "username": "mara"},
        "team": {"id": TEAM},
        "token": "deprecated",
        "response_url": "https://hooks.slack.com/actions/secret",
        "container": {"type": "message", "message_ts": "1700000000.000200", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "console"},
        "message": {"ts": "1700000000.000200", "text": "Is it fixed?"},
        "actions": [{"type": "button", "action_id": f"answer_{value}", "value": value}],
        **more,
    }
