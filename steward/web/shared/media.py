"""An attached file as it is drawn: a link, a picture, a player, or a plate that covers it until it is asked for."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from steward.desk.models import Attachment, Ticket
from steward.desk.rules.care import Carefulness
from steward.desk.rules.files import PLAYED, SHOWN_INLINE

_WORDS: dict[str, tuple[str | Promise, str | Promise, str]] = {
    "image": (_("Picture"), _("Show the picture"), "file-image"),
    "video": (_("Video"), _("Show the video"), "film"),
    "audio": (_("Recording"), _("Show the recording"), "audio-lines"),
    "application": (_("Document"), _("Open the document"), "file-text"),
}


@dataclass(frozen=True)
class Cover:
    """What stands in place of a covered file: what it is, who sent it, what it was flagged for, where to ask for it."""

    id: int
    word: str | Promise
    ask: str | Promise
    sign: str
    who: str
    harm: str
    veil: str
    view: str
    shows: bool


@dataclass(frozen=True)
class File:
    """An attached file as drawn; `image` is the address of a picture to show, `plays` whether it is a video or a recording."""

    id: int
    name: str
    href: str
    size: int
    image: str
    plays: str = ""
    cover: Cover | None = None
    redacts: bool = False
    erased: bool = False


@dataclass(frozen=True)
class Eyes:
    """Who looks at a ticket's files: how careful the ticket asks one to be, and how careful the person is."""

    care: Carefulness = field(default_factory=Carefulness)
    strict: bool = False
    in_gray: bool = False


def address_of(file: Attachment) -> str:
    """Give where a file is fetched."""
    return reverse("files:page", args=[file.pk, file.name.replace("/", "_") or "file"])


def drawn(file: Attachment, *, who: str, from_requester: bool, eyes: Eyes) -> File:
    """Draw an attached file as somebody may meet it."""
    if file.erased_at is not None:
        return File(file.pk, "", "", file.size, "", erased=True)
    covered = eyes.care.covers(file.media_type, from_requester=from_requester, strict=eyes.strict)
    return file_of(file, cover=cover_of(file, who=who, harm=eyes.care.harm) if covered else None)


def file_of(file: Attachment, *, cover: Cover | None = None) -> File:
    """Draw a file, behind a cover or not."""
    href = address_of(file)
    bare = cover is None
    return File(
        id=file.pk,
        name=file.name,
        href=href,
        size=file.size,
        image=href if bare and file.media_type in SHOWN_INLINE else "",
        plays=file.media_type.partition("/")[0] if bare and file.media_type in PLAYED else "",
        cover=cover,
        redacts=file.redacts_id is not None,
    )


def cover_of(file: Attachment, *, who: str, harm: str) -> Cover:
    """Give the plate that stands for a covered file."""
    word, ask, sign = _WORDS.get(file.media_type.partition("/")[0], _WORDS["application"])
    shows = file.media_type in SHOWN_INLINE or file.media_type in PLAYED
    return Cover(
        id=file.pk,
        word=word,
        ask=ask,
        sign=sign,
        who=who,
        harm=str(Ticket.Harm(harm).label) if harm else "",
        veil=reverse("files:veil", args=[file.pk]) if file.media_type in SHOWN_INLINE else "",
        view=reverse("files:views", args=[file.pk]),
        shows=shows,
    )
