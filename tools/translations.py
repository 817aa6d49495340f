"""Gathers the texts marked in the source and brings the catalogs up to date; run by `make translations`.

A catalog holds no places, dates or names and is in the order of its texts, so that it changes when a text does and not otherwise.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE, LOCALES = ROOT / "steward", ROOT / "steward" / "locale"
KEYWORDS = MappingProxyType(
    {
        **DEFAULT_KEYWORDS,
        "gettext_lazy": None,
        "ngettext_lazy": (1, 2),
        "pgettext_lazy": ((1, "c"), 2),
        "npgettext_lazy": ((1, "c"), 2, 3),
        # What pure code says in place of gettext: steward/core/errors.py.
        "marked": None,
    }
)


def marked_texts() -> Catalog:
    """Gather every text marked in the source, with the files it stands in."""
    found = Catalog()
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for name, _line, text, _comments, context in extract_from_dir(SOURCE, methods, options, KEYWORDS):
        found.add(text, locations=[(f"{SOURCE.name}/{name}", 0)], context=context)
    return found


def catalogs() -> list[Path]:
    """List the catalogs of all languages."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """Read the catalog of a language, which its folder is named for."""
    with path.open(encoding="utf-8") as file:
        return read_po(file, locale=path.parents[1].name, abort_invalid=True)


def texts(catalog: Catalog) -> Iterator[Message]:
    """Give the texts of a catalog, without its header."""
    return (message for message in catalog if message.id)


def is_translated(message: Message) -> bool:
    """Tell whether nothing of a text is left to translate."""
    said = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(said) and all(said) and not message.fuzzy


def updated(path: Path, found: Catalog) -> str:
    """Give a catalog with the texts of the source and no others, each with the translation it has already."""
    known, wanted = read(path), Catalog(locale=path.parents[1].name)
    for message in texts(found):
        old = known.get(message.id, message.context)
        kept = old.string if old and old.pluralizable == message.pluralizable else ""
        flags = message.flags | ({"fuzzy"} if old and old.fuzzy else set())
        empty = ("",) * wanted.num_plurals if message.pluralizable else ""
        wanted.add(message.id, kept or empty, locations=message.locations, flags=flags, context=message.context)
    written = BytesIO()
    write_po(written, wanted, width=0, omit_header=True, no_location=True, sort_output=True)
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]
    return f"{header}\n\n{written.getvalue().decode()}"


def main() -> None:
    """Update every catalog and list what is left to translate."""
    found = marked_texts()
    for path in catalogs():
        path.write_text(updated(path, found), encoding="utf-8")
        left = [message.id for message in texts(read(path)) if not is_translated(message)]
        print(f"{path.relative_to(ROOT)}: {len(list(texts(found)))} texts, {len(left)} to translate", file=sys.stderr)  # noqa: T201 -- a command prints
        for text in left:
            print(f"  {text!r}", file=sys.stderr)  # noqa: T201 -- a command prints


if __name__ == "__main__":
    main()
