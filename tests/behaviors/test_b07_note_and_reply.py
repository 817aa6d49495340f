"""B7: the boxes for a note and for a reply look different enough that nobody sends a note to a requester."""

import re
from html import unescape
from pathlib import Path

import pytest

from steward.channels.queries.thread import thread_of
from steward.desk.models import Message
from tests.cast import Cast
from tests.web.ticket.acting import as_, asking_user, send, text_of

STYLES = Path(__file__).resolve().parents[2] / "frontend" / "src" / "css" / "composer.css"


def box(page: str, kind: str) -> str:
    found = re.search(rf'<form class="composer"[^>]*data-kind="{kind}".*?</form>', page, re.DOTALL)
    assert found is not None
    return unescape(found.group())


def test_the_two_boxes_share_no_words_sign_address_or_draft(cast: Cast) -> None:
    page = text_of(as_(cast.ada).get(f"/tickets/{cast.ticket().pk}/"))
    reply, note = box(page, "reply"), box(page, "note")
    for pattern in (
        r'composer-banner">(.*?)</p>',
        r"data-send>(.*?)</button>",
        r'placeholder="(.*?)"',
        r'aria-label="(.*?)" placeholder',
    ):
        theirs, ours = re.search(pattern, reply, re.DOTALL), re.search(pattern, note, re.DOTALL)
        assert theirs is not None
        assert ours is not None
        assert theirs.group(1) != ours.group(1)
    for name in ("action", "data-draft", "data-save"):
        assert re.search(f'{name}="(.*?)"', reply).group(1) != re.search(f'{name}="(.*?)"', note).group(1)
    assert "Public reply to Ravi" in reply
    assert "only colleagues see this" in note


def test_the_note_has_a_ground_an_edge_and_a_button_of_its_own() -> None:
    styles = STYLES.read_text()
    for rule in (
        r'\.composer\[data-kind="note"\] \{[^}]*background: var\(--note-ground\)',
        r'\[data-kind="note"\] \.composer-send',
    ):
        assert re.search(rule, styles)
    reply = re.search(r'\.composer\[data-kind="reply"\] \{([^}]*)\}', styles)
    assert reply is not None
    assert "note" not in reply.group(1)


@pytest.mark.parametrize("fields", [{}, {"then": "solved"}, {"send_at": "mine"}])
def test_a_note_is_never_said_to_the_requester_whatever_the_form_says(cast: Cast, fields: dict[str, str]) -> None:
    _who, asks = asking_user()
    ticket = cast.ticket(requester=asks)
    assert send(as_(cast.ada), ticket, "notes", body="He sounds angry", **fields).status_code == 200
    assert Message.objects.get(body="He sounds angry").kind == Message.Kind.NOTE
    ticket.refresh_from_db()
    assert ticket.state == "new"
    assert all("angry" not in line.message.body for line in thread_of(ticket, cast.at).lines if line.message)
