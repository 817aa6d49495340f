"""What came in too large for a row: kept as a file by its hash, given back to be read, and let go of with its envelope."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.db.models import BigIntegerField, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from steward.channels.models import Channel, InboundEnvelope
from steward.channels.rules.kinds import ChannelKind
from steward.channels.rules.raw import ERASED, restored
from steward.core.deferring import defer
from steward.core.transfer.declared import Files, carry_files
from steward.desk.actions.filing import keep_bytes, open_file

# The kinds of channels on which anything comes so large.
_KINDS = [ChannelKind.EMAIL.value]


def keep_original(content: bytes) -> dict[str, Any]:
    """Store what came in and give what stands for it in the envelope."""
    name = sha256(content).hexdigest()
    keep_bytes(ContentFile(content), sha256=name)
    return {"sha256": name, "size": len(content)}


def whole_of(raw: Any) -> dict[str, Any]:
    """Give back what was kept, with the bytes of its original where they are still stored."""
    whole: dict[str, Any] = restored(raw)
    original = whole.get("original")
    if isinstance(original, Mapping):
        whole["original"] = bytes_of(str(original.get("sha256", "")))
    return whole


def bytes_of(name: str) -> bytes:
    """Give the bytes of an original; none where they are not stored any more."""
    try:
        with open_file(name) as content:
            return bytes(content.read())
    except (FileNotFoundError, IsADirectoryError):
        return b""


def let_go(envelope_ids: Sequence[int], *, leaving: Mapping[str, Any] = ERASED) -> int:
    """Empty envelopes, with their originals; inside the caller's transaction. Gives how many there were."""
    envelopes = InboundEnvelope.objects.filter(pk__in=list(envelope_ids))
    named = envelopes.filter(raw__has_key="original").annotate(name=KT("raw__original__sha256"))
    names = list(named.values_list("name", flat=True))
    emptied = envelopes.update(raw=dict(leaving))
    for name in filter(None, names):
        defer("desk.erase_bytes", sha256=name)
    return emptied


def holds_original(name: str) -> bool:
    """Tell whether an envelope still has an original; found by the envelope's name, which begins with the hash."""
    channels = Channel.objects.filter(kind__in=_KINDS).values_list("id", flat=True)
    found = InboundEnvelope.objects.filter(
        channel_id__in=list(channels), vendor_event_id__gte=name, vendor_event_id__lt=f"{name}~", raw__original__sha256=name
    )
    return found.exists()


def declare_carried() -> None:
    """Declare that originals are carried along in an export."""
    carry_files(Files(named=_named, read=_read, keep=_keep))


def _read(name: str) -> IO[bytes]:
    found: IO[bytes] = open_file(name).open()
    return found


def _keep(name: str, content: IO[bytes]) -> None:
    keep_bytes(File(content, name=name), sha256=name)


def _named() -> Iterator[tuple[str, int]]:
    found = InboundEnvelope.objects.filter(channel__kind__in=_KINDS, raw__has_key="original")
    told = found.annotate(name=KT("raw__original__sha256"), size=Cast(KT("raw__original__size"), BigIntegerField()))
    yield from told.annotate(text=Cast("name", TextField())).values_list("text", "size").iterator()
