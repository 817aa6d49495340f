"""What a run does, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from steward.core.errors import DomainError
from steward.desk.actions.verbs.registry import Call, prepared


def call_words(stored: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say each call of a run; one that names something gone by now is named by its verb."""
    return [_words(Call.load(one)) for one in stored]


def _words(call: Call) -> str:
    try:
        return prepared(call).words()
    except DomainError:
        return _("“%(verb)s”, of something that is gone by now") % {"verb": call.verb}
