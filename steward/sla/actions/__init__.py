"""Writing the promises: policies and their versions, the clocks of tickets, warnings and breaches."""

from steward.sla.actions.attending import attend
from steward.sla.actions.defaults import create_default_policy
from steward.sla.actions.policies import change_policy, create_policy, publish_policy_version
from steward.sla.actions.sweeping import Swept, sweep

__all__ = [
    "Swept",
    "attend",
    "change_policy",
    "create_default_policy",
    "create_policy",
    "publish_policy_version",
    "sweep",
]
