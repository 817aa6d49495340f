"""Real pictures for tests, with and without what cameras write into them."""

from io import BytesIO

from PIL import Image

MAKER = "Zebra Camera Works"


def png(width: int = 8, height: int = 6, color: tuple[int, int, int] = (180, 40, 40)) -> bytes:
    """Draw a plain PNG."""
    return _saved(Image.new("RGB", (width, height), color), "PNG")


def photo(kind: str = "JPEG", *, width: int = 64, height: int = 32, turned: bool = False) -> bytes:
    """Draw a photograph that tells who made it and where; `turned` says that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = MAKER
    if kind != "TIFF":  # Pillow writes no place into these
        exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    if turned:
        exif[0x0112] = 6
    image = Image.new("RGB", (width, height), (20, 90, 200))
    image.paste((250, 250, 250), (0, 0, width // 2, height))
    return _saved(image, kind, exif=exif)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    told = BytesIO()
    image.save(told, kind, **options)
    return told.getvalue()
