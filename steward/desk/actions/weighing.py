"""Setting what tickets weigh and what agents take."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from steward.core.errors import Invalid, NotFound
from steward.desk.facts.settings import AgentSettingChanged, Changes, WeightChanged
from steward.desk.models import AgentSetting, Weight
from steward.desk.permissions import may_manage_desk, may_set_capacity
from steward.desk.queries.load import base_of
from steward.desk.rules.load import MOST_PERCENT, ORDINARY, PRIORITIES, STATES
from steward.ledger.actions.recording import record
from steward.people.actor import Actor
from steward.people.models import User
from steward.people.permissions import require
from steward.people.rules import is_language

MOST_CAPACITY = 32_767
MOST_LANGUAGES = 30


def set_weight(*, kind: Weight.Kind, key: str, percent: int, by: Actor, at: datetime) -> Weight:
    """Say how much tickets of a priority, channel or state weigh, in percent of an ordinary one; the same again changes nothing."""
    require(may_manage_desk(by), _("Only admins change the desk's settings."))
    if kind not in Weight.Kind.values or not key or len(key) > 50:  # noqa: PLR2004 -- longer than any channel's name
        raise Invalid(_("There is nothing of that kind to weigh."), field="key")
    if not 0 <= percent <= MOST_PERCENT:
        raise Invalid(_("A weight lies between 0 and %(most)s.") % {"most": MOST_PERCENT // ORDINARY}, field=f"{kind}_{key}")
    with transaction.atomic():
        weight, is_new = Weight.objects.select_for_update(no_key=True).get_or_create(
            kind=kind, key=key, defaults={"percent": percent}
        )
        old = default_weight(kind, key) if is_new else weight.percent
        if weight.percent != percent:
            weight.percent = percent
            weight.save(update_fields=["percent"])
        if old != percent:
            record(
                WeightChanged(weight_id=weight.pk, weight_kind=str(kind), key=key, changes={"percent": (old, percent)}),
                by=by,
                at=at,
            )
        return weight


def default_weight(kind: str, key: str) -> int:
    """Give what something weighs on a desk that has set nothing."""
    if kind == Weight.Kind.PRIORITY:
        return PRIORITIES.get(int(key) if key.isdecimal() else 0, ORDINARY)
    return STATES.get(key, ORDINARY) if kind == Weight.Kind.STATE else ORDINARY


def set_agent(*, user_id: int, capacity: int | None, languages: Iterable[str], by: Actor, at: datetime) -> AgentSetting:
    """Say how much an agent takes at once (None: as each queue says) and in which languages they answer (none: any)."""
    require(may_set_capacity(by), _("Only leads and admins say how much somebody takes."))
    if capacity is not None and not 0 < capacity <= MOST_CAPACITY:
        raise Invalid(_("An agent takes at least one ticket."), field="capacity", hint=_("Leave it empty to go by the queue."))
    spoken = _languages(languages)
    with transaction.atomic():
        if not User.objects.filter(pk=user_id).exists():
            raise NotFound(_("There is no such user."))
        setting, _new = AgentSetting.objects.select_for_update(no_key=True).get_or_create(user_id=user_id)
        changes: Changes = {}
        if setting.capacity != capacity:
            changes["capacity"] = (setting.capacity, capacity)
        if setting.languages != spoken:
            changes["languages"] = (", ".join(setting.languages), ", ".join(spoken))
        if changes:
            setting.capacity, setting.languages = capacity, spoken
            setting.save(update_fields=["capacity", "languages"])
            record(AgentSettingChanged(user_id=user_id, changes=changes), by=by, at=at)
        return setting


def _languages(languages: Iterable[str]) -> list[str]:
    found = []
    for written in languages:
        tag = written.strip()
        if not tag:
            continue
        if not is_language(tag):
            raise Invalid(
                _("“%(text)s” is no language.") % {"text": tag[:50]}, field="languages", hint=_("Write codes such as en, zh, es.")
            )
        found.append(base_of(tag))
    if len(found) > MOST_LANGUAGES:
        raise Invalid(_("That is too many languages."), field="languages")
    return sorted(set(found))
