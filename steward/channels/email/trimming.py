"""What the writer of a reply wrote, without what their mail program put around it.

In doubt a line stays: the desk would rather show a quote than hide an answer. What is taken off is given beside it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from steward.channels.email import phrases

# No line that introduces a quote is longer, and none goes over more lines.
LONGEST_LINE = 400
MOST_LINES = 6
# A header above a quote names many receivers at worst; and nobody signs more often than this.
LONGEST_HEADER = 40
LONGEST_LABEL = 40
MOST_ROUNDS = 12
# What follows two dashes and is no signature any more.
LONGEST_SIGNATURE = 20
LONGEST_LOOSE_SIGNATURE = 8

# A line that begins with ">:" is the end of an address that was wrapped.
_QUOTED = re.compile(r"\s{0,3}(?:[A-Z]{0,2}>(?!:$)|\|\s|\|$)")
_RULE = re.compile(r"\s*(?:[-_*#~=+]{2,}|[—–ᐧ])\s*$")
_RULE_BEFORE_SIGNATURE = re.compile(r"\s*(?:-{2,}|_{2,}|[—–])\s*$")
_DASHES = re.compile(r"--\s*$")
_TRUE_DASHES = re.compile(r"-- $")
_QUOTE_MARKS = re.compile(r"^[\s>|]+")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")


@dataclass(frozen=True)
class Trimmed:
    """What the person wrote, and what was taken off."""

    text: str
    hidden: str


@dataclass(frozen=True)
class _Intro:
    """Lines that introduce what is quoted, from `start` up to and without `end`."""

    start: int
    end: int
    is_header: bool


def trim_reply(text: str) -> Trimmed:
    """Give what a person wrote in a reply; line ends as line feeds, blank lines around taken off."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    keep = [True] * len(lines)
    _take_off_introduced(lines, keep)
    _take_off_the_end(lines, keep)
    if not any(keep[at] and line.strip() and not _is_quote(line) for at, line in enumerate(lines)):
        keep = _what_is_quoted(lines)
    kept = [line for at, line in enumerate(lines) if keep[at]]
    hidden = [line for at, line in enumerate(lines) if not keep[at]]
    return Trimmed(_without_blank_ends(kept), _without_blank_ends(hidden))


def _take_off_introduced(lines: list[str], keep: list[bool]) -> None:
    last_fence = max((at for at, line in enumerate(lines) if _FENCE.match(line)), default=-1)
    at, in_code, written = 0, False, False
    while at < len(lines):
        if _FENCE.match(lines[at]):
            in_code = not in_code
        # A fence that is never closed opens nothing.
        intro = None if in_code and at < last_fence else _introduction_at(lines, at)
        if intro is None:
            written = written or _is_written(lines[at])
            at += 1
            continue
        _keep(keep, intro.start, intro.end, kept=False)
        at = _after(lines, keep, intro, written=written)


def _after(lines: list[str], keep: list[bool], intro: _Intro, *, written: bool) -> int:
    """Decide over what follows an introduction; give where to look on."""
    quote_ends = _end_of_quote(lines, intro.end)
    if quote_ends == intro.end:
        # Nothing marks the quote: below something written it is all that follows, on top it cannot be told from the answer.
        if written:
            _keep(keep, intro.end, len(lines), kept=False)
            return len(lines)
        return len(lines) if intro.is_header else intro.end
    if not _is_answered(lines, quote_ends):
        if written:
            _keep(keep, intro.end, len(lines), kept=False)
        return len(lines)
    if not written and not any(_is_quote(line) for line in lines[quote_ends:]):
        _keep(keep, intro.end, quote_ends, kept=False)
    return quote_ends


def _is_answered(lines: list[str], start: int) -> bool:
    """Tell whether something was written below a quote, other than a signature."""
    for at in range(start, len(lines)):
        line = lines[at]
        if _RULE_BEFORE_SIGNATURE.match(line):
            return False
        if line.strip() and not _is_quote(line):
            return not _is_device_line(line) and _introduction_at(lines, at) is None
    return False


def _end_of_quote(lines: list[str], start: int) -> int:
    """Give where the quote that begins here ends, or `start` where the lines are not marked as one."""
    end = start
    for at in range(start, len(lines)):
        if _is_quote(lines[at]):
            end = at + 1
        elif lines[at].strip():
            break
    return end


def _take_off_the_end(lines: list[str], keep: list[bool]) -> None:
    end = len(lines)
    for _round in range(MOST_ROUNDS):
        before = end
        end = _last_kept(lines, keep, end)
        end = _without_signature(lines, keep, end)
        end = _without_rules_and_devices(lines, keep, end)
        end = _without_last_quote(lines, keep, end)
        if end == before:
            break
        _keep(keep, end, before, kept=False)


def _last_kept(lines: list[str], keep: list[bool], end: int) -> int:
    while end and not (keep[end - 1] and lines[end - 1].strip()):
        end -= 1
    return end


def _without_signature(lines: list[str], keep: list[bool], end: int) -> int:
    """Cut at the last two dashes, where what follows can be a signature."""
    for at in range(end - 1, max(-1, end - 3 * LONGEST_SIGNATURE), -1):
        if not keep[at]:
            continue
        after_quote = _RULE_BEFORE_SIGNATURE.match(lines[at]) and _follows_quote(lines, keep, at)
        if not after_quote and not _DASHES.match(lines[at]):
            continue
        below = [lines[line] for line in range(at + 1, end) if keep[line] and lines[line].strip()]
        most = LONGEST_SIGNATURE if _TRUE_DASHES.match(lines[at]) else LONGEST_LOOSE_SIGNATURE
        asks = not _TRUE_DASHES.match(lines[at]) and any("?" in line.split("://")[0] or "？" in line for line in below)
        is_signature = len(below) <= most and not asks and not any(_is_quote(line) for line in below)
        return at if is_signature and _any_written(lines, keep, at) else end
    return end


def _follows_quote(lines: list[str], keep: list[bool], at: int) -> bool:
    above = _last_kept(lines, keep, at)
    return bool(above) and _is_quote(lines[above - 1])


def _without_rules_and_devices(lines: list[str], keep: list[bool], end: int) -> int:
    start = _last_kept(lines, keep, end)
    while start and _is_rule(lines[start - 1]):
        start = _last_kept(lines, keep, start - 1)
    paragraph = start
    while paragraph and keep[paragraph - 1] and lines[paragraph - 1].strip():
        paragraph -= 1
    whole = all(_is_device_line(line) or _is_rule(line) for line in lines[paragraph:start])
    while start > paragraph and _is_device_line(lines[start - 1]) and (whole or phrases.SURELY_DEVICE.search(lines[start - 1])):
        start -= 1
        if not whole:
            break
    return _last_kept(lines, keep, start) if _any_written(lines, keep, start) else end


def _without_last_quote(lines: list[str], keep: list[bool], end: int) -> int:
    start = end
    while start and (not keep[start - 1] or not lines[start - 1].strip() or _is_quote(lines[start - 1])):
        start -= 1
    if start and start < end and _is_quote(lines[start]) and lines[start - 1].rstrip().endswith((":", "：")):
        # What somebody announces themselves belongs to what they wrote.
        return end
    return start if _any_written(lines, keep, start) else end


def _any_written(lines: list[str], keep: list[bool], end: int) -> bool:
    return any(keep[at] and _is_written(lines[at]) for at in range(end))


def _is_written(line: str) -> bool:
    return bool(line.strip()) and not _is_quote(line) and not _is_rule(line) and not _is_device_line(line)


def _is_quote(line: str) -> bool:
    return _QUOTED.match(line) is not None


def _is_rule(line: str) -> bool:
    return _RULE.match(line) is not None


def _is_device_line(line: str) -> bool:
    return len(line) < LONGEST_LINE and phrases.DEVICE_LINE.match(line.strip()) is not None


def _what_is_quoted(lines: list[str]) -> list[bool]:
    """Of a message that only quotes, keep what is quoted and not the lines that introduce it; of nothing but such lines, none."""
    words = [_QUOTE_MARKS.sub("", line).strip() for line in lines]
    keep = [not _is_attribution(said, followed_by_quote=True) for said in words]
    says = any(keep[at] and said and not _is_rule(said) for at, said in enumerate(words))
    return keep if says else [False] * len(lines)


def _keep(keep: list[bool], start: int, end: int, *, kept: bool) -> None:
    keep[start:end] = [kept] * (end - start)


def _without_blank_ends(lines: list[str]) -> str:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end])


def _introduction_at(lines: list[str], at: int) -> _Intro | None:
    line = lines[at].strip()
    if not line or len(line) > LONGEST_LINE:
        return None
    return _original_at(lines, at) or _header_at(lines, at) or _attribution_at(lines, at)


def _original_at(lines: list[str], at: int) -> _Intro | None:
    line = lines[at].strip().strip("*").strip()
    if phrases.BETWEEN_DASHES.match(line):
        return _Intro(at, at + 1, is_header=False)
    if not phrases.ORIGINAL.match(line):
        return None
    header = at + 1
    while header < len(lines) and not lines[header].strip():
        header += 1
    found = _header_at(lines, header) if header < len(lines) else None
    return _Intro(at, found.end if found else at + 1, is_header=True)


def _header_at(lines: list[str], at: int) -> _Intro | None:
    """Find the header a mail program writes above a quote: who, when, and to whom or about what, one below the other."""
    if _role_of(lines[at]) not in {"from", "when", "to", "about"}:
        return None
    roles: set[str] = set()
    end = at
    while end < min(len(lines), at + LONGEST_HEADER) and lines[end].strip():
        role = _role_of(lines[end])
        if role:
            roles.add(role)
        elif len(roles) < 2 and end - at > 1:  # noqa: PLR2004 -- a value may go over to a second line, not a whole paragraph
            return None
        end += 1
    known = ({"from", "when"} <= roles and roles & {"to", "about"}) or {"from", "to", "about"} <= roles
    return _Intro(at, end, is_header=True) if known else None


def _role_of(line: str) -> str:
    # The label stands in front; what follows it may be long, and is looked at by many lines before it.
    return _role_of_label(line[:LONGEST_LABEL])


@lru_cache(maxsize=2_048)
def _role_of_label(line: str) -> str:
    found = phrases.LABELLED.match(line)
    return phrases.LABELS.get("".join(found.group(1).lower().split()), "") if found else ""


def _attribution_at(lines: list[str], at: int) -> _Intro | None:
    """Find "On …, … wrote:", which may be wrapped over some lines."""
    if not _may_begin_attribution(lines[at]):
        return None
    words = ""
    for end in range(at, min(at + MOST_LINES, len(lines))):
        line = lines[end].strip()
        if not line and not _goes_on_with_address(lines, end):
            break
        words = f"{words} {line}".strip()
        if len(words) > LONGEST_LINE:
            break
        if _is_attribution(words, followed_by_quote=_quote_follows(lines, end + 1)):
            return _Intro(at, end + 1, is_header=False)
    return None


def _may_begin_attribution(line: str) -> bool:
    words = line.strip()
    return bool(
        phrases.OPENS.match(words)
        or phrases.BEGINS_WITH_DATE.match(words)
        or phrases.ADDRESS.search(words)
        or phrases.WROTE.search(words)
        or words.endswith("<")
    ) and not _is_quote(line)


def _goes_on_with_address(lines: list[str], blank: int) -> bool:
    return blank + 1 < len(lines) and lines[blank + 1].strip().startswith("<") and len(lines[blank + 1]) < LONGEST_LINE


def _quote_follows(lines: list[str], at: int) -> bool:
    near = (line for line in lines[at : at + 4] if line.strip())
    return _is_quote(next(near, ""))


def _is_attribution(words: str, *, followed_by_quote: bool) -> bool:  # noqa: PLR0911 -- a list of forms
    """Tell whether words introduce a quote; where no quote is marked below, only the form mail programs use will do."""
    if len(words) > LONGEST_LINE:
        return False
    if phrases.GMT_STYLE.match(words):
        return "<" not in words or words.endswith((":", ">"))
    ends = words.endswith((":", "："))
    if not ends and not (followed_by_quote and phrases.BEGINS_WITH_DATE.match(words)):
        return False
    dated, addressed = phrases.DATE.search(words) is not None, phrases.ADDRESS.search(words) is not None
    if not ends:
        return dated and addressed
    if not phrases.WROTE.search(words):
        return dated and addressed and (followed_by_quote or phrases.BEGINS_WITH_DATE.match(words) is not None)
    if followed_by_quote:
        return dated or addressed
    if phrases.FIRST_PERSON.search(words):
        return False
    opens = phrases.OPENS.match(words) is not None or phrases.BEGINS_WITH_DATE.match(words) is not None
    return (dated and opens) or (addressed and "<" in words)
