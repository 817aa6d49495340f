"""The piece of text in which the words of a search stand, one for each ticket found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steward.core.rows import rows

# What stands further down in a pasted log is found, but not shown.
LOOKED_AT = 20_000
BEFORE, LENGTH = 60, 220

_SNIPPETS = """
SELECT a.id, f.kind, f.author_kind, f.part, f.is_cut
  FROM unnest(%s::bigint[]) a (id)
  JOIN desk_ticket t ON t.id = a.id AND t.queue_id = ANY(%s) AND t.harm = ''
  JOIN desk_queue q ON q.id = t.queue_id AND NOT q.restricted AND q.care = 'none'
 CROSS JOIN LATERAL (
    SELECT m.kind, m.author_kind, p.at > %s AS is_cut, substring(m.body FROM greatest(1, p.at - %s) FOR %s) AS part
      FROM desk_message m
     CROSS JOIN LATERAL (SELECT {text} AS text OFFSET 0) b
     CROSS JOIN LATERAL (
        SELECT min(w.at)::int AS at, count(DISTINCT w.number) AS hits
          FROM (SELECT position(n.spelling IN b.text) AS at, n.number
                  FROM unnest(%s::text[], %s::int[]) n (spelling, number)) w WHERE w.at > 0) p
     WHERE ((m.ticket_id = a.id AND m.shown_on_id IS NULL) OR m.shown_on_id = a.id) AND p.hits > 0
     ORDER BY p.hits DESC, m.id DESC LIMIT 1) f
"""
_HEAD = f"CASE WHEN octet_length(m.body) <= {LOOKED_AT} THEN m.body ELSE left(m.body, {LOOKED_AT}) END"
_AS_SPELLED, _ANYHOW = _SNIPPETS.format(text=_HEAD), _SNIPPETS.format(text=f"lower({_HEAD})")


@dataclass(frozen=True)
class Snippet:
    """Where the words were found: in a note or a message, by whom, and what stands around them."""

    kind: str
    author_kind: str
    text: str
    is_cut: bool


def snippets(ticket_ids: Iterable[int], words: Sequence[str], *, queue_ids: list[int]) -> dict[int, Snippet]:
    """Give for each ticket in sight the message that holds most of some words, the newest first.

    A ticket that asks for care (restricted, flagged, or in a queue of harmful content) gives nothing.
    """
    ids = list(ticket_ids)
    if not ids or not words:
        return {}
    # Making small letters of every message costs several times what looking for the usual spellings does.
    found = _found(_AS_SPELLED, ids, [_spellings(word) for word in words], queue_ids)
    left = [pk for pk in ids if pk not in found]
    return found | _found(_ANYHOW, left, [[word.lower()] for word in words], queue_ids) if left else found


def _spellings(word: str) -> list[str]:
    small = word.lower()
    return list(dict.fromkeys((word, small, small.capitalize(), small.upper())))


def _found(statement: str, ids: Sequence[int], words: Sequence[Sequence[str]], queue_ids: list[int]) -> dict[int, Snippet]:
    spelled = [(spelling, number) for number, spellings in enumerate(words) for spelling in spellings]
    spellings, numbers = [spelling for spelling, _number in spelled], [number for _spelling, number in spelled]
    values = [ids, queue_ids, BEFORE + 1, BEFORE, LENGTH, spellings, numbers]
    return {pk: Snippet(kind, author, text, is_cut) for pk, kind, author, text, is_cut in rows(statement, values)}
