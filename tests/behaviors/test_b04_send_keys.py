"""B4: one key sends, a second sends and sets the status, a third sends and opens the next. The keys themselves are pressed in tests/browser/test_writing.py."""

import re

from steward.desk.models import Message
from steward.web.shared.commands import Place, every_command
from tests.cast import Cast
from tests.web.ticket.acting import as_, send, text_of


def test_the_three_keys_are_in_the_registry_for_the_box_and_for_no_other_place() -> None:
    keys = {key: command.id for command in every_command() if command.places == (Place.COMPOSER,) for key in command.keys}
    assert keys["Mod+Enter"] == "composer.send"
    assert keys["Mod+Shift+Enter"] == "composer.send_and_set"
    assert keys["Alt+Enter"] == "composer.send_and_next"


def test_what_the_keys_do_stands_in_the_menu_too(cast: Cast) -> None:
    page = text_of(as_(cast.ada).get(f"/tickets/{cast.ticket().pk}/"))
    assert re.findall(r'value="(\w+)" data-remembers', page) == ["pending", "solved"]
    assert "data-send-next" in page


def test_sending_and_setting_is_one_step_that_is_done_once(cast: Cast) -> None:
    ticket = cast.ticket()
    for _again in range(2):
        assert send(as_(cast.ada), ticket, "replies", body="Here you are.", then="solved", client_token="t").status_code == 200
    ticket.refresh_from_db()
    assert ticket.state == "solved"
    assert Message.objects.filter(ticket=ticket, body="Here you are.").count() == 1
