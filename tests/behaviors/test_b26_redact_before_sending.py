"""B26: paste a screenshot and redact it before sending; only what is seen leaves the browser."""

import hashlib
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from steward.desk.actions.filing import bytes_upload, open_file, path_of, store_file
from steward.desk.actions.intake import receive_message
from steward.desk.actions.settings import change_queue
from steward.desk.models import Attachment, MediaView
from tests.cast import SETUP
from tests.pictures import MAKER, photo, png
from tests.web.settings.browsing import browse, browser, faults, served_desk

__all__ = ["browse", "browser", "served_desk"]
pytestmark = pytest.mark.browser
PICTURES = Path("test-results") / "care"


@pytest.fixture(autouse=True)
def _whole_desk(settings, tmp_path, served_desk):
    settings.FILES_FOLDER = tmp_path


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")


def choose(page: Page, name: str, content: bytes, kind: str = "image/png") -> None:
    page.locator('[data-composer][data-kind="note"] [data-composer-input]').set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )


def note(page: Page) -> None:
    page.get_by_role("tab", name="Internal note").click()


def attach(page: Page) -> None:
    """Attach what the editor shows, pressing twice as an impatient person does; the box behind it can be typed in once it is gone."""
    page.locator('#redact [data-act="attach"]').dblclick()
    expect(page.locator("#redact[open]")).to_have_count(0)


def sent_picture() -> Image.Image:
    file = Attachment.objects.latest("id")
    with open_file(file.sha256) as content:
        found = Image.open(BytesIO(content.read()))
        found.load()
        return found


def test_a_black_box_drawn_with_the_pointer_is_all_that_is_sent(served_desk, browse: Callable[..., Page], tmp_path) -> None:
    cast, _address = served_desk
    ticket = cast.ticket()
    page = browse(cast.ada, f"/tickets/{ticket.pk}/")
    note(page)
    original = png(400, 300)
    choose(page, "shot.png", original)
    expect(page.locator('#redact [data-act="attach"]')).to_be_focused()
    canvas = page.locator("#redact canvas")
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75, steps=4)
    page.mouse.up()
    page.screenshot(path=PICTURES / "editor-1280.png")
    assert faults(page, "editor") == []
    attach(page)
    page.locator('[data-composer][data-kind="note"] textarea').fill("See the picture")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note").last).to_contain_text("See the picture")
    assert Attachment.objects.count() == 1
    picture = sent_picture()
    assert picture.size == (400, 300)
    assert picture.convert("RGB").getpixel((200, 150)) == (0, 0, 0)
    assert picture.convert("RGB").getpixel((10, 10)) == (180, 40, 40)
    assert not (tmp_path / path_of(hashlib.sha256(original).hexdigest())).exists(), "the original never left the browser"


def test_by_keyboard_at_390_pixels_with_undo_and_a_crop(served_desk, browse: Callable[..., Page]) -> None:
    cast, _address = served_desk
    page = browse(cast.ada, f"/tickets/{cast.ticket().pk}/", width=390, scheme="dark")
    note(page)
    choose(page, "photo.jpg", photo(width=600, height=400), "image/jpeg")
    expect(page.locator('#redact [data-act="attach"]')).to_be_focused()
    page.locator("#redact canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    undo = page.locator('#redact [data-act="undo"]')
    expect(undo).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    expect(undo).to_be_enabled()
    page.locator('#redact [value="crop"]').check(force=True)
    page.locator("#redact canvas").focus()
    page.keyboard.press("Enter")
    page.screenshot(path=PICTURES / "editor-390.png")
    assert faults(page, "editor at 390") == []
    attach(page)
    page.locator('[data-composer][data-kind="note"] textarea').fill("Cut")
    page.locator('[data-composer][data-kind="note"] [data-send]').click()
    expect(page.locator(".message.note").last).to_contain_text("Cut")
    picture = sent_picture()
    assert picture.size[0] < 600
    assert MAKER not in str(dict(picture.getexif()))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("big.png", bomb(10_000, 5_000), "50 megapixels"),
        ("bomb.png", bomb(60_000, 60_000), "3600 megapixels"),
        ("fake.png", b"no picture at all, really none", "cannot be read"),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_text_is_kept(
    served_desk, browse: Callable[..., Page], name: str, content: bytes, said: str
) -> None:
    cast, _address = served_desk
    page = browse(cast.ada, f"/tickets/{cast.ticket().pk}/")
    note(page)
    page.locator('[data-composer][data-kind="note"] textarea').fill("My words")
    choose(page, name, content)
    expect(page.locator("#redact [data-problem]")).to_contain_text(said)
    page.keyboard.press("Enter")
    expect(page.locator("#redact")).to_be_hidden()
    expect(page.locator('[data-composer][data-kind="note"] textarea')).to_have_value("My words")
    expect(page.locator('[data-composer][data-kind="note"] .file')).to_have_count(0)


def test_a_covered_picture_is_shown_by_keyboard_redacted_and_covered_again(served_desk, browse: Callable[..., Page]) -> None:
    cast, _address = served_desk
    change_queue(queue_id=cast.support.pk, values={"care": "requesters"}, by=SETUP, at=cast.at)
    ticket = cast.ticket()
    for name in ("one.png", "two.png"):
        files = [store_file(bytes_upload(name, png(300, 200 + len(name))))]
        receive_message(ticket_id=ticket.pk, body="Look", files=files, by=cast.actor(cast.ravi), at=cast.at)
    page = browse(cast.ada, f"/tickets/{ticket.pk}/")
    page.screenshot(path=PICTURES / "covered-1280-light.png")
    assert faults(page, "covered") == []
    show = page.get_by_role("button", name="Show the picture").first
    show.focus()
    page.keyboard.press("Enter")
    again = page.get_by_role("button", name="Cover again")
    expect(again).to_be_focused()
    page.screenshot(path=PICTURES / "shown-1280-light.png")
    page.get_by_role("button", name="Redact").click()
    expect(page.locator('#redact [data-act="attach"]')).to_be_focused()
    page.locator("#redact canvas").focus()
    page.keyboard.press("Enter")
    attach(page)
    expect(page.locator(".chip", has_text="redacted").or_(page.get_by_text("one-redacted.png")).first).to_be_visible()
    assert Attachment.objects.filter(redacts__isnull=False).count() == 1
    page.get_by_role("button", name="Cover again").click()
    expect(page.locator("[data-view]")).to_have_count(0)
    assert MediaView.objects.get().ended_at is not None
