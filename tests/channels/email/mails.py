"""Messages of our own to read: some as people send them, and the makings of some that nobody should."""

import base64
from email.message import EmailMessage
from functools import partial


def _plain(text, **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "李雷 <li@customer.example>", "help@desk.example", "发票 and invoice"
    mail["Date"], mail["Message-ID"] = "Mon, 2 Nov 2026 10:00:00 +0800", "<one@customer.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def some_mails():
    """Give whole messages: plain, with HTML and a picture, with files, a report, nested, in other charsets."""
    simple = _plain(
        "Hello,\n\nthe report is empty.\n\n> Did you try again?\n\n-- \nLi\n",
        References=" ".join(f"<r{at}@x.example>" for at in range(30)),
    )
    rich = _plain("Hello")
    rich.add_alternative(
        "<html><body><p>Hello <b>you</b> <img src='cid:p'></p><blockquote>old</blockquote></body></html>", subtype="html"
    )
    rich.get_payload()[1].add_related(b"\x89PNG123", "image", "png", cid="<p>")
    filed = _plain("See the files")
    for name in ("报告.pdf", "a b.txt", "x" * 150 + ".bin"):
        filed.add_attachment(name.encode() * 40, maintype="application", subtype="octet-stream", filename=name)
    nested = _plain("Forwarded")
    nested.add_attachment(filed)
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nIt failed.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <our@desk.example>\r\n\r\nHi\r\n--b--\r\n"
    )
    old = "Subject: =?gb2312?B?{}?=\nContent-Type: text/plain; charset=gb2312\n\n".format(
        base64.b64encode("你好".encode("gb2312")).decode()
    )
    return [
        *(mail.as_bytes() for mail in (simple, rich, filed, nested)),
        report,
        old.encode() + "请看附件，谢谢。".encode("gb2312"),
    ]


def _times(piece, size):
    return (piece * (size // len(piece) + 1))[:size]


def _with_head(line):
    return lambda size: line(size) + b"\r\n\r\nHello\r\n"


def _nested(size):
    return (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(size // 60))
        + b"\r\nHello"
    )


def _report(lines):
    return lambda size: (
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + lines(size)
    )


_MULTI = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
ODD_MAILS = {
    "headers without end": _with_head(lambda size: _times(b"X-Header: value\r\n", size)),
    "a header without end": _with_head(lambda size: b"Subject: " + b"a" * size),
    "a header of many lines": _with_head(lambda size: b"Subject: " + _times(b"a\r\n ", size)),
    "lines that are no headers": lambda size: b"From: a@b.example\r\n" + _times(b"no header\r\nTo: b@c.example\r\n", size),
    "references": _with_head(lambda size: b"References: " + _times(b"<aaaa@bbbb.example> ", size)),
    "receivers": _with_head(lambda size: _times(b"To: a <a@b.example>, c\r\n", size)),
    "many received": _with_head(lambda size: _times(b"Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0800\r\n", size)),
    "binary in the head": _with_head(lambda size: b"Subject: " + _times(bytes(range(128, 256)), size)),
    "encoded words": _with_head(lambda size: b"Subject: " + _times(b"=?utf-8?q?=E4=BD?= ", size)),
    "parameters in quotes": _with_head(lambda size: b'Content-Type: text/plain; x="' + b";" * size),
    "parameters in pieces": _with_head(lambda size: b"Content-Type: text/plain" + b"".join(b"; name*%d=a" % at for at in range(size // 10))),
    "results": _with_head(lambda size: b"Authentication-Results: mx.desk.example; " + b"(" * size),
    "a date": _with_head(lambda size: b"Date: " + b"9" * size),
    "boundaries": lambda size: _MULTI + _times(b"--b\r\n", size),
    "closed boundaries": lambda size: _MULTI + _times(b"--b--\r\nx\r\n", size),
    "lines like boundaries": lambda size: _MULTI + b"--b\r\n" + _times(b"\r\n--b x", size),
    "a boundary and spaces": lambda size: _MULTI + b"--b" + b" " * size + b"x",
    "parts": lambda size: _MULTI + _times(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", size),
    "parts in parts": _nested,
    "line ends": lambda size: b"Subject: x\r\n\r\n" + b"\n" * size,
    "carriage returns": lambda size: b"Subject: x\r\r" + _times(b"a\r", size),
    "spaces": lambda size: b"Subject: x\r\n" + _times(b"\n ", size),
    "nothing but zeros": lambda size: b"\x00" * size,
    "broken base64": lambda size: b"Content-Transfer-Encoding: base64\r\n\r\n" + _times(b"QUJD\r\n!", size),
    "padded base64": lambda size: b"Content-Transfer-Encoding: base64\r\n\r\n" + _times(b"QQ==", size),
    "soft line ends": lambda size: b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + _times(b"= \r", size),
    "flowed lines": lambda size: b"Content-Type: text/plain; format=flowed\r\n\r\n" + _times(b"word \r\n", size),
    "uuencoded beginnings": lambda size: b"Subject: x\r\n\r\n" + _times(b"begin 644 x\nAAAA\n", size) + b"\nend",
    "unknown charset": lambda size: b"Content-Type: text/plain; charset=nowhere\r\n\r\n" + _times(bytes(range(1, 256)), size),
    "half of characters": lambda size: b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + _times(b"+2AA-", size),
    "a report of signs": _report(lambda size: b"Final-Recipient: rfc822; " + b"@" * size + b" x"),
    "a report of letters": _report(lambda size: b"Final-Recipient: rfc822; " + b"a" * size + b" x"),
    "a report of blanks": _report(lambda size: b"Diagnostic-Code: x" + _times(b"\n \n", size)),
    "a report of actions": _report(lambda size: _times(b"Action\n\n", size)),
    "a bounce of numbers": lambda size: b"From: postmaster@x.example\r\nSubject: Undeliverable\r\n\r\n" + _times(b"550", size),
}  # fmt: skip
ODD_TEXTS = {
    name: partial(_times, piece)
    for name, piece in {
        "lines": "Hello there\n", "one line": "a", "quotes": "> a\n", "blank": "\n", "quote marks": ">", "attributions": "On 2026-01-02 10:00 a@b.example wrote:\n",
        "attributions with quotes": "On 2026-01-02 10:00 a@b.example wrote:\n> x\n", "answered": "On 2026-01-02 10:00 a@b.example wrote:\n> x\n===\n",
        "headers": "From: a\n", "headers and values": "From: a\nSent: b\nx\n", "originals": "-----Original Message-----\n", "originals apart": "-----Original Message-----\n\n",
        "dashes": "--\n", "true dashes": "-- \nx\n", "rules": "____\n", "devices": "Sent from my iPhone\n", "sent by whom": "Hello\n\nSent from our house to you and to all the others there\n\n",
        "long words sent": "Sent from " + "abcdefgh " * 40 + "\n", "long words": "a" * 390 + "\n", "dots": "a." * 190 + "\n", "fences": "```\n", "brackets": "<", "at": "@",
        "wrapped": "On Mon,\n2026 at\n10:00\n", "spaces": " ", "labels": "from:", "asks": "--\nwhy?\n", "blank quotes": "> \n\n",
    }.items()
}  # fmt: skip
ODD_HTML = {
    name: partial(_times, piece)
    for name, piece in {
        "paragraphs": "<p>Hello <b>you</b></p>", "unclosed paragraphs": "<p>x", "links": '<a href="http://x/y">ab</a>', "unclosed links": '<a href="http://x/y">ab',
        "links in blocks": '<a href="http://x/y"><div>ab</div></a>', "spans": "<span>ab</span>", "cells": "<td>ab</td>", "tables": "<table><tr><td>", "less": "<", "amp": "&",
        "entities": "&amp;", "comments": "<!--", "ends": "</b></p></br>", "lists": "<ul><li>", "bold rows": "<p><b>x</p></div>", "hidden ends": "<div><!--</div>-->",
        "ends in attributes": '<div title="</div>">', "ends of others": "<div></x>", "crossed": "<span><div></span></div>", "in tables": "<div><table></div>",
        "foreign": "<svg><style><div></style>", "select": "<select><textarea><div>", "titles": "<title>", "scripts": "<script>x</script>", "objects": "<object>", "templates": "<template>",
        "buttons": "<button><p>", "pre": "<pre>\n", "quotes": "<blockquote>", "hr": "<hr>", "images": '<img alt="x" src="http://x/y">', "attributes": "<p a=b c ", "unquoted": "<p a='",
        "headings": "<h1><h2>", "ruby": "<ruby><rt>", "options": "<option><optgroup>", "forms": "<form><div>", "noscript": "<noscript><div>", "definitions": "<dl><dt><dd>",
    }.items()
} | {
    "one tag of attributes": lambda size: "<p " + " ".join(f"a{at}=b" for at in range(size // 8)) + ">x",
    "attributes with brackets": lambda size: "<p " + "".join(f' a{at}"=">"' for at in range(size // 12)) + ">x",
    "marks never closed": lambda size: "<p>" + "".join(f"<font color={at}>" for at in range(290)) + _times("</p><p>x", size),
    "marks one a row": lambda size: "".join(f"<p><font color={at}>x</p></div><!--</font>-->" for at in range(size // 40)),
    "deep, then closed": lambda size: "<div>" * (size // 20) + _times("</p>x", size),
}  # fmt: skip
