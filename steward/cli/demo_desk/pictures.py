"""The pictures of the demo that stand for what moderators look at: drawn shapes, and a profile with made-up details."""

from io import BytesIO
from random import Random
from typing import Any

WIDTH, HEIGHT = 640, 400
Box = tuple[int, int, int, int]
# Where the made-up address and telephone number stand on a profile.
PRIVATE: tuple[Box, ...] = ((206, 128, 452, 152), (206, 164, 392, 188))
_SKIES = (((32, 42, 92), (240, 142, 96)), ((20, 74, 110), (244, 205, 140)), ((58, 28, 84), (236, 110, 120)))


def still(random: Random) -> bytes:
    """Draw what might be a frame of a video: a sun between hills, with the bar of a player below."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- slow import

    top, bottom = random.choice(_SKIES)
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    sky = Image.composite(Image.new("RGB", image.size, bottom), Image.new("RGB", image.size, top), image)
    draw = ImageDraw.Draw(sky)
    x, y, size = random.randint(120, 520), random.randint(120, 210), random.randint(34, 60)
    draw.ellipse((x - size, y - size, x + size, y + size), fill=(255, 232, 170))
    for depth in range(3):
        left = random.randint(-160, 60)
        shade = (28 + depth * 6, 52 - depth * 10, 60 - depth * 12)
        for hill in range(4):
            begins = left + hill * random.randint(180, 230)
            draw.ellipse((begins, 210 + depth * 50, begins + 330, 520 + depth * 50), fill=shade)
    draw.rectangle((0, HEIGHT - 34, WIDTH, HEIGHT), fill=(16, 18, 24))
    draw.polygon(((16, HEIGHT - 26), (16, HEIGHT - 8), (32, HEIGHT - 17)), fill=(235, 236, 240))
    draw.rounded_rectangle((48, HEIGHT - 20, WIDTH - 18, HEIGHT - 14), 3, fill=(88, 92, 104))
    draw.rounded_rectangle((48, HEIGHT - 20, random.randint(90, WIDTH - 40), HEIGHT - 14), 3, fill=(236, 96, 88))
    return _saved(sky, "JPEG")


def profile(random: Random) -> bytes:
    """Draw an account's page in a console, with an address and a number that nobody else needs to see."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 -- slow import

    page = Image.new("RGB", (WIDTH, HEIGHT), (246, 247, 249))
    draw, large, small = ImageDraw.Draw(page), ImageFont.load_default(22), ImageFont.load_default(16)
    draw.rectangle((0, 0, WIDTH, 44), fill=(38, 50, 86))
    draw.text((20, 10), "Gavel   Accounts", font=large, fill=(240, 242, 248))
    draw.ellipse((40, 84, 168, 212), fill=(random.randint(90, 180), random.randint(120, 180), 190))
    draw.text((206, 84), f"@sunny_kitchen{random.randint(10, 99)}", font=large, fill=(28, 34, 48))
    draw.text((206, 130), "creator.private@mail.example", font=small, fill=(60, 66, 80))
    draw.text((206, 166), f"+00 555 01{random.randint(10, 99)} {random.randint(100, 999)}", font=small, fill=(60, 66, 80))
    for line in range(4):
        draw.rounded_rectangle((40, 252 + line * 30, 300 + random.randint(0, 280), 264 + line * 30), 5, fill=(205, 210, 219))
    return _saved(page, "PNG")


def blackened(picture: bytes) -> bytes:
    """Put black boxes over what is private on a profile, as the picture editor does."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- slow import

    with Image.open(BytesIO(picture)) as image:
        for box in PRIVATE:
            ImageDraw.Draw(image).rectangle(box, fill=(0, 0, 0))
        return _saved(image, "PNG")


def _saved(picture: Any, kind: str) -> bytes:
    told = BytesIO()
    picture.save(told, kind)
    return told.getvalue()
