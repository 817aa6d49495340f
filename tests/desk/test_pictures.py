"""Pictures as they are kept: without traces, upright, and never more than can be looked at."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from steward.core.errors import Invalid
from steward.desk.actions.filing import bytes_upload, open_file, store_file, veil_of
from steward.desk.actions.pictures import MOST_PIXELS, Unreadable, veil, without_traces
from tests.pictures import MAKER, photo, png


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("TIFF", "image/tiff"), ("AVIF", "image/avif")],
)
def test_what_a_camera_wrote_is_gone_and_the_picture_is_there(kind, media_type):
    before = photo(kind)
    assert MAKER.encode() in before
    after = without_traces(before, media_type=media_type, name="a")
    assert MAKER.encode() not in after
    image = opened(after)
    assert (image.format, image.size) == (kind, (64, 32))
    assert 0x8825 not in image.getexif()


def test_a_photograph_on_its_side_is_turned():
    after = without_traces(photo(turned=True), media_type="image/jpeg", name="a.jpg")
    assert opened(after).size == (32, 64)


def test_words_and_a_comment_are_taken_out():
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MAKER)
    told.add_itxt("XML:com.adobe.xmp", f"<x>{MAKER}</x>", zip=False)
    written = BytesIO()
    Image.new("RGB", (5, 5)).save(written, "PNG", pnginfo=told)
    assert MAKER.encode() not in without_traces(written.getvalue(), media_type="image/png", name="a")
    written = BytesIO()
    Image.new("RGB", (16, 16)).save(written, "JPEG", comment=MAKER.encode())
    assert MAKER.encode() not in without_traces(written.getvalue(), media_type="image/jpeg", name="a")


@pytest.mark.parametrize(("content", "media_type"), [(png(), "image/png"), (None, "image/jpeg")])
def test_what_hides_behind_the_end_of_a_picture_is_cut_off(content, media_type):
    if content is None:
        written = BytesIO()
        Image.new("RGB", (16, 16)).save(written, "JPEG")
        content = written.getvalue()
    after = without_traces(content + b"hidden film", media_type=media_type, name="a")
    assert b"hidden" not in after
    opened(after).load()


def test_a_picture_without_traces_stays_bit_for_bit():
    content = png()
    assert without_traces(content, media_type="image/png", name="a.png") is content


def test_a_moving_picture_goes_on_moving_without_its_comment():
    frames = [Image.new("RGB", (20, 20), (step * 50, 0, 0)) for step in range(4)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0, comment=MAKER.encode())
    after = without_traces(written.getvalue(), media_type="image/gif", name="a.gif")
    assert MAKER.encode() not in after
    assert (opened(after).n_frames, opened(after).info["duration"]) == (4, 80)


def bomb(width, height):
    """Write a PNG of a few bytes that claims to unfold into gigabytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (MOST_PIXELS + 1, 1)])
def test_a_small_file_of_giant_dimensions_is_refused_before_it_unfolds(width, height):
    content = bomb(width, height)
    assert len(content) < 1_000
    with pytest.raises(Invalid, match="megapixels; 40 fit") as told:
        store_file(bytes_upload("bomb.png", content))
    assert told.value.field == "files"
    assert told.value.hint


def test_a_picture_that_cannot_be_read_is_kept_to_be_downloaded_and_never_drawn():
    broken = photo()[:400]
    with pytest.raises(Unreadable):
        without_traces(broken, media_type="image/jpeg", name="a.jpg")
    stored = store_file(bytes_upload("a.jpg", broken))
    assert stored.media_type == "application/octet-stream"
    with open_file(stored.sha256) as kept:
        assert kept.read() == broken


def test_a_desk_that_keeps_traces_on_purpose_keeps_them(settings):
    settings.KEEP_PICTURE_DATA = True
    stored = store_file(bytes_upload("a.jpg", photo()))
    with open_file(stored.sha256) as kept:
        assert MAKER.encode() in kept.read()


def test_a_veil_is_a_few_gray_pixels():
    drawn = opened(veil(photo(width=640, height=480)))
    assert (drawn.size, drawn.mode) == ((12, 12), "L")
    stored = store_file(bytes_upload("a.png", png()))
    assert veil_of(stored.sha256) == veil_of(stored.sha256)
    assert veil_of(store_file(bytes_upload("a.txt", b"text")).sha256) is None
    assert veil_of("ab" * 32) is None
