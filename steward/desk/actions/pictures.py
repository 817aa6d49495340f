"""Pictures as they are kept: without what cameras and programs write into them, and never larger than a server can look at."""

from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _

from steward.core.errors import Invalid

# Larger than any screen or camera of today; a small file may claim to unfold into far more.
MOST_PIXELS = 40_000_000
# All frames of a moving picture together.
MOST_PIXELS_IN_ALL = 4 * MOST_PIXELS
VEIL_PIXELS = 12
# What is looked at whole takes four bytes a pixel: not more than two at once, however many people send.
_AT_WORK = BoundedSemaphore(2)

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
}
# What Pillow tells of a picture that says nothing of where, when or by whom it was made.
_HARMLESS = frozenset(
    """
    adobe adobe_transform aspect background bits chromaticity compression default_image disposal dpi duration extension gamma
    icc_profile interlace jfif jfif_density jfif_unit jfif_version loop progression progressive srgb timestamp transparency version
    """.split()  # noqa: SIM905 -- a list of words is read as a text
)
_ENDS = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9", "GIF": b";"}


class Unreadable(Exception):
    """A file that calls itself a picture and cannot be looked at as one."""


def without_traces(content: bytes, *, media_type: str, name: str) -> bytes:
    """Give a picture without place, camera, author and hidden thumbnails; one that has none of these stays as it is.

    A photograph that lies on its side is turned first, since what says so is taken out too. Raises `Invalid` for one of
    too many pixels and `Unreadable` for one that cannot be read; kinds of pictures we cannot read stay as they are.
    """
    if media_type not in _FORMATS:
        return content
    with _AT_WORK:
        try:
            return _stripped(content, media_type=media_type, name=name)
        except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError) as error:
            raise Unreadable(name) from error


def veil(content: bytes) -> bytes:
    """Give a few gray, blurred pixels that stand for a picture while it is covered; raises `Unreadable`."""
    from PIL import ImageFilter  # noqa: PLC0415 -- slow import

    with _AT_WORK:
        try:
            with _opened(content, name="") as image:
                image.draft("L", (VEIL_PIXELS * 8, VEIL_PIXELS * 8))
                small = image.convert("L").resize((VEIL_PIXELS, VEIL_PIXELS)).filter(ImageFilter.BoxBlur(2))
                told = BytesIO()
                small.save(told, "PNG", optimize=True)
                return told.getvalue()
        except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError, Invalid) as error:
            raise Unreadable(str(error)) from error


def _opened(content: bytes, *, name: str) -> Any:
    from PIL import Image  # noqa: PLC0415 -- slow import

    # Judged below, with words of ours, before a single pixel is unfolded.
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(BytesIO(content), formats=list(_FORMATS.values()))
    pixels = image.width * image.height
    if pixels > MOST_PIXELS or pixels * getattr(image, "n_frames", 1) > MOST_PIXELS_IN_ALL:
        raise Invalid(
            _("%(name)s has %(size)s megapixels; %(most)s fit.")
            % {"name": name, "size": round(pixels / 1e6), "most": MOST_PIXELS // 1_000_000},
            field="files",
            hint=_("Make it smaller or cut out the part that matters."),
        )
    return image


def _stripped(content: bytes, *, media_type: str, name: str) -> bytes:
    with _opened(content, name=name) as image:
        if _FORMATS[media_type] != image.format:
            raise Unreadable(name)
        if _is_clean(image, content):
            return content
        image.load()
        options: dict[str, Any] = {key: image.info[key] for key in _KEPT if key in image.info}
        if getattr(image, "n_frames", 1) > 1:
            return _saved(*_every_frame(image), options | {"save_all": True, "quality": 90})
        upright = _upright(image)
        if image.format == "JPEG":
            # As it was compressed before, so that nothing is lost a second time.
            options |= {"quality": "keep", "subsampling": "keep"} if upright is image else {"quality": 95}
        return _saved(upright, image.format, options | ({"quality": 95} if image.format in {"WEBP", "AVIF"} else {}))


_KEPT = ("icc_profile", "transparency", "duration", "loop")
_ORIENTATION = 0x0112


def _is_clean(image: Any, content: bytes) -> bool:
    if image.format not in _ENDS or set(image.info) - _HARMLESS or dict(image.getexif()):
        return False
    segments = {name for name, _bytes in getattr(image, "applist", [])}
    harmless = {"APP0", "APP14"} | ({"APP2"} if "icc_profile" in image.info else set())
    return not segments - harmless and content.endswith(_ENDS[image.format])


def _upright(image: Any) -> Any:
    """Give the picture turned as it is meant to be looked at, without anything but its pixels and colors."""
    from PIL import Image, ImageOps  # noqa: PLC0415 -- slow import

    if image.getexif().get(_ORIENTATION, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if image.format == "TIFF":
        bare = Image.new(image.mode, image.size)
        bare.paste(image)
        return bare
    for key in set(image.info) - set(_KEPT):
        del image.info[key]
    return image


def _every_frame(image: Any) -> tuple[Any, str]:
    for key in set(image.info) - set(_KEPT):
        del image.info[key]
    return image, image.format


def _saved(image: Any, kind: str, options: dict[str, Any]) -> bytes:
    told = BytesIO()
    if kind in {"JPEG", "PNG", "WEBP", "AVIF"}:
        options["exif"] = b""
    if kind in {"WEBP", "AVIF"}:
        options["xmp"] = b""
    if kind == "TIFF":
        options = {key: value for key, value in options.items() if key == "icc_profile"} | {"compression": "tiff_deflate"}
    image.save(told, kind, **options)
    return told.getvalue()
