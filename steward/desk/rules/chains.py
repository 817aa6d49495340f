"""How automations follow from one another: which came before, so that none goes round in circles."""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"rules:(\d{1,19}):(\d{1,17}(?:\.\d{1,17}){0,50})")
DEEPEST = 5
MOST_AN_HOUR = 10


@dataclass(frozen=True)
class Chain:
    """The automations that led from what somebody did to here, the first first; `root` is the event of what was done."""

    root: int
    rules: tuple[int, ...] = ()

    def then(self, rule: int) -> "Chain":
        """Give the chain with one more automation."""
        return Chain(self.root, (*self.rules, rule))

    def write(self) -> str:
        """Write it as the request id under which an automation acts."""
        return f"rules:{self.root}:{'.'.join(map(str, self.rules))}"

    @property
    def is_deepest(self) -> bool:
        """Tell whether nothing may follow any more."""
        return len(self.rules) >= DEEPEST

    def set_off_by(self, rule: int) -> bool:
        """Tell whether the last thing that acted was this very automation."""
        return bool(self.rules) and self.rules[-1] == rule

    def comes_round_to(self, rule: int) -> bool:
        """Tell whether this automation acted before another one led back to it."""
        return rule in self.rules[:-1]


def chain_of(event_id: int, request_id: str) -> Chain:
    """Read the chain an event stands in; what a person did begins one."""
    found = _WRITTEN.fullmatch(request_id)
    if found is None:
        return Chain(event_id)
    return Chain(int(found.group(1)), tuple(map(int, found.group(2).split("."))))
