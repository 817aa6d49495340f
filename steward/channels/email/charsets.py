"""Bytes as text, whatever the sender said they are: never refused, and no byte silently dropped."""

# ruff: noqa: E501 -- tables of words read best in lines

import codecs
import re

# Wide supersets of what senders name: what they call ISO-8859-1 or GB2312 holds characters those lack.
_WIDER = {
    "iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932",
    "iso8859-9": "cp1254", "iso8859-8": "cp1255", "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip
_ALIASES = {"ks_c_5601-1987": "cp949", "iso-8859-8-i": "cp1255", "x-gbk": "gb18030", "unicode-1-1-utf-7": "utf-7", "x-sjis": "cp932",
            "windows-874": "cp874", "cp-850": "cp850", "utf8mb4": "utf-8", "iso-2022-jp": "iso2022_jp_ext"}  # fmt: skip
# Python calls these encodings too; no mail is written in them.
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "palmos"}
_WIDE = ("utf-16", "utf-32")
_UNNAMEABLE = re.compile(r"[^\w.:+-]")


def to_text(data: bytes, charset: str = "") -> str:
    """Read bytes as text by the charset named, where it fits, or by the likeliest one. Never raises."""
    name = known_charset(charset)
    if name.startswith(_WIDE) and b"\x00" not in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Its line ends alone would hold a zero: it says so and is not.
        name = ""
    for guess in dict.fromkeys(guess for guess in (name, "utf-8") if guess):
        try:
            return _without_mark(data.decode(guess))
        except (UnicodeError, ValueError):
            continue
    if name:
        return _without_mark(data.decode(name, "replace"))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return _likeliest(data)


def known_charset(charset: str) -> str:
    """Give the codec for a charset's name as senders write it, or nothing for one that means nothing here."""
    name = _UNNAMEABLE.sub("", charset.strip().strip("\"'").lower())[:40]
    name = _ALIASES.get(name, name.removeprefix("x-"))
    try:
        codec = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return ""
    if codec is None or codec.name in _NO_CHARSETS or not codec._is_text_encoding:  # noqa: SLF001 -- Python tells it nowhere else
        return ""
    return _WIDER.get(codec.name, codec.name)


def _likeliest(data: bytes) -> str:
    """Read what names no charset and is no UTF-8: Chinese where nearly all beyond ASCII is in pairs, else Western."""
    try:
        guess = data.decode("gb18030")
    except UnicodeError:
        guess = ""
    beyond = [character for character in guess if ord(character) > 127]  # noqa: PLR2004 -- ASCII
    han = sum(
        "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" or character >= "\uff00" for character in beyond
    )
    if len(beyond) > 1 and han >= 0.9 * len(beyond):
        return guess
    try:
        return data.decode("cp1252")
    except UnicodeError:
        return data.decode("latin-1")


def _without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")
