"""What no person wrote is told from what a person did, and a report that ours did not arrive is read."""

import pytest

from steward.channels.email.classifying import (
    LOOP_HEADER,
    MOST_HOPS,
    Dmarc,
    Kind,
    bounce_of,
    dmarc_of,
    kind_of,
    may_be_answered_by_machine,
)
from steward.channels.email.reading import read_mail


def mail(head: str = "", body: str = "It is slow.", sender: str = "Mara <mara@console.example>", subject: str = "Slow"):
    return read_mail(f"From: {sender}\nTo: help@desk.example\nSubject: {subject}\n{head}\n\n{body}\n".encode())


def report(status: str, *, action: str = "failed", subject: str = "Undelivered Mail Returned to Sender"):
    return read_mail(
        f"""From: MAILER-DAEMON@mx.console.example
To: help@desk.example
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B

Your message could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.console.example

Final-Recipient: rfc822; mara@console.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <mara@console.example>: no such
    user here
--B
Content-Type: message/rfc822

From: help@desk.example
Message-ID: <t7.m12.abc@desk.example>
Subject: Re: Slow

words
--B--
""".encode()
    )


@pytest.mark.parametrize(
    ("head", "subject", "kind"),
    [
        ("X-A: b", "Slow", Kind.PERSON),
        ("Auto-Submitted: no", "Slow", Kind.PERSON),
        ("Auto-Submitted: auto-replied", "Re: Slow", Kind.AUTO_REPLY),
        ("Auto-Submitted: auto-generated; x=y", "Slow", Kind.AUTO_REPLY),
        ("X-Autoreply: yes", "Re: Slow", Kind.AUTO_REPLY),
        ("Precedence: auto_reply", "Re: Slow", Kind.AUTO_REPLY),
        ("Return-Path: <>", "Re: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Automatic reply: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Out of office: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Automatische Antwort: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Abwesenheitsnotiz: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Réponse automatique : Slow", Kind.AUTO_REPLY),
        ("X-A: b", "Respuesta automática: Slow", Kind.AUTO_REPLY),
        ("X-A: b", "自动回复：慢", Kind.AUTO_REPLY),
        ("X-A: b", "自動返信: 遅い", Kind.AUTO_REPLY),
        ("X-A: b", "The automatic reply of the console is wrong", Kind.PERSON),
        ("List-Id: <news.console.example>", "Slow", Kind.LIST),
        ("Precedence: bulk", "Slow", Kind.LIST),
        (f"{LOOP_HEADER}: desk-1", "Slow", Kind.LOOP),
        (f"{LOOP_HEADER}: another-desk", "Slow", Kind.PERSON),
        ("Received: from a by b\n" * (MOST_HOPS + 1) + "X-A: b", "Slow", Kind.LOOP),
    ],
)
def test_what_a_message_is(head, subject, kind):
    found = mail(head, subject=subject)
    assert kind_of(found, own_name="desk-1", own_addresses=frozenset({"help@desk.example"})) is kind
    assert may_be_answered_by_machine(found) is (kind is Kind.PERSON and LOOP_HEADER not in head)


def test_what_the_desk_itself_sent_goes_round():
    assert kind_of(mail(sender="help@desk.example"), own_addresses=frozenset({"help@desk.example"})) is Kind.LOOP


@pytest.mark.parametrize(
    "nobody", ["no-reply@x.example", "noreply@x.example", "do-not-reply+7@x.example", "mailer-daemon@x.example", ""]
)
def test_nobody_is_not_answered(nobody):
    assert not may_be_answered_by_machine(mail(sender=nobody))


@pytest.mark.parametrize("head", ["X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress: OOF"])
def test_who_asks_not_to_be_answered_by_a_machine_is_not(head):
    assert not may_be_answered_by_machine(mail(head))


def test_a_report_names_whom_it_did_not_reach_and_which_message():
    found = bounce_of(report("5.1.1"))
    assert (found.recipients, found.status, found.permanent, found.delayed) == (("mara@console.example",), "5.1.1", True, False)
    assert found.message_id == "t7.m12.abc@desk.example"
    assert found.reason == "550 5.1.1 <mara@console.example>: no such user here"


@pytest.mark.parametrize(
    ("status", "action", "permanent", "delayed"), [("4.4.1", "delayed", False, True), ("4.2.2", "failed", False, False)]
)
def test_what_is_only_late_is_not_lost(status, action, permanent, delayed):
    found = bounce_of(report(status, action=action))
    assert (found.permanent, found.delayed) == (permanent, delayed)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_receipt_is_no_bounce(action):
    assert bounce_of(report("2.0.0", action=action)) is None


@pytest.mark.parametrize(
    ("subject", "body", "recipient"),
    [
        (
            "failure notice",
            "Hi. This is the program at mx.example.\n\n<mara@console.example>:\n550 5.1.1 no such user\n",
            "mara@console.example",
        ),
        (
            "Undeliverable: Re: Slow",
            "Delivery has failed to these recipients: mara@console.example\n#550 5.1.10 not found\n",
            "mara@console.example",
        ),
        (
            "Mail delivery failed: returning message to sender",
            "  mara@console.example\n    550 no such user\n",
            "mara@console.example",
        ),
        ("退信：Re: 慢", "您的邮件无法送达 mara@console.example\n550 用户不存在\n", "mara@console.example"),
    ],
)
def test_what_servers_write_instead_of_a_report_is_read_too(subject, body, recipient):
    found = bounce_of(mail(body=body, sender="Mail System <mailer-daemon@mx.example>", subject=subject))
    assert found.recipients[0] == recipient
    assert found.permanent


def test_a_person_who_writes_of_a_bounce_is_a_person():
    said = mail(body="I got: 550 5.1.1 no such user", subject="Undeliverable: my mail to you")
    assert bounce_of(said) is None
    assert kind_of(said) is Kind.PERSON


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ("mx.desk.example; dmarc=pass header.from=console.example", Dmarc.PASS),
        ("mx.desk.example; spf=pass; dkim=fail; dmarc=fail (p=REJECT) header.from=x", Dmarc.FAIL),
        ("mx.desk.example; (dmarc=pass) dmarc=fail", Dmarc.FAIL),
        ("MX.DESK.EXAMPLE 1; dmarc=pass", Dmarc.PASS),
        ("mx.desk.example; spf=pass", Dmarc.NONE),
        ("mx.evil.example; dmarc=pass", Dmarc.NONE),
        ("mx.desk.example.evil.example; dmarc=pass", Dmarc.NONE),
    ],
)
def test_only_what_our_own_server_found_is_believed(results, found):
    assert dmarc_of(mail(f"Authentication-Results: {results}"), trusted="mx.desk.example") is found
    assert dmarc_of(mail(f"Authentication-Results: {results}"), trusted="") is Dmarc.NONE


def test_the_topmost_of_our_servers_results_counts():
    """What a sender wrote into the message stands below what our server put on top."""
    head = "Authentication-Results: mx.desk.example; dmarc=fail\nAuthentication-Results: mx.desk.example; dmarc=pass"
    assert dmarc_of(mail(head), trusted="mx.desk.example") is Dmarc.FAIL
