"""Automations: when something happens and conditions hold, verbs are done by the desk itself, traced to their version."""
