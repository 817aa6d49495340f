"""Reading the promises: policies, the clocks of tickets, and whether both are as the ledger says."""

from steward.sla.queries.clocks import ClockView, clocks_for, clocks_of, intervals_of, most_pressing, response_due
from steward.sla.queries.policies import current_policy_version, policies, policy_versions

__all__ = [
    "ClockView",
    "clocks_for",
    "clocks_of",
    "current_policy_version",
    "intervals_of",
    "most_pressing",
    "policies",
    "policy_versions",
    "response_due",
]
