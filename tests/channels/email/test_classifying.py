"""What kind of message it is, case by case; the mails are of our own wording, in the forms their servers use."""

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

OWN = {"own_name": "desk-7", "own_addresses": frozenset({"help@desk.example"})}
PERSON = "From: Li <li@customer.example>\nTo: help@desk.example\n"


def mail(head, body="Hello"):
    return read_mail(f"{head.strip()}\n\n{body}".encode())


def part(kind, body, head=""):
    return f"--b\nContent-Type: {kind}\n{head}\n{body}\n"


def parts(*given):
    return "".join(given) + "--b--\n"


def report(kind="delivery-status"):
    return f"Content-Type: multipart/report; report-type={kind}; boundary=b\n"


def calendar(method):
    return part("text/calendar; method=REPLY", f"BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR")


MIXED = "Content-Type: multipart/mixed; boundary=b\n"
STATUS = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; li@customer.example\nAction: {}\nStatus: {}\nDiagnostic-Code: smtp; 550 {} no\n such user"
KINDS = {
    "a person": (PERSON + "Subject: Export", "It is empty", Kind.PERSON),
    "a person about automatic replies": (PERSON + "Subject: Automatic reply is broken in our shop", "See above", Kind.PERSON),
    "a person about being out": (PERSON + "Subject: Out of office settings do not save", "See above", Kind.PERSON),
    "a person about undelivered parcels": (PERSON + "Subject: Undelivered parcel", "Where is it?", Kind.PERSON),
    "a person whose server says no": (PERSON + "Subject: x\nAuto-Submitted: no", "x", Kind.PERSON),
    "a person forwarding a bounce": (PERSON + "Subject: Fwd: Undeliverable: your invoice", "550 5.1.1 no such user <a@b.example>", Kind.PERSON),
    "a person with a calendar and words": (PERSON + "Subject: Appointment\n" + MIXED, parts(part("text/plain", "May it be later?"), calendar("REPLY")), Kind.PERSON),
    "a person who invites": (PERSON + "Subject: Appointment\n" + MIXED, parts(part("text/plain", ""), calendar("REQUEST")), Kind.PERSON),
    "auto-replied": (PERSON + "Subject: Re: x\nAuto-Submitted: auto-replied (vacation)", "I am away", Kind.AUTO_REPLY),
    "auto-generated": (PERSON + "Subject: x\nAuto-Submitted: Auto-Generated; owner=x", "x", Kind.AUTO_REPLY),
    "Exchange": (PERSON + "Subject: Automatic reply: Export\nX-Auto-Response-Suppress: All", "I am away", Kind.AUTO_REPLY),
    "Exchange in German": (PERSON + "Subject: Automatische Antwort: Export", "Ich bin nicht da", Kind.AUTO_REPLY),
    "Exchange in Chinese": (PERSON + "Subject: =?utf-8?B?6Ieq5Yqo5Zue5aSNOiDlr7zlh7o=?=", "x", Kind.AUTO_REPLY),
    "QQ": (PERSON + "Subject: 自动回复:导出", "您的邮件我已收到", Kind.AUTO_REPLY),
    "163": (PERSON + "Subject: 自动回复：导出", "x", Kind.AUTO_REPLY),
    "in Japanese": (PERSON + "Subject: 自動返信: 出力", "x", Kind.AUTO_REPLY),
    "in French": (PERSON + "Subject: Réponse automatique : Export", "x", Kind.AUTO_REPLY),
    "in Spanish": (PERSON + "Subject: Respuesta automática: Export", "x", Kind.AUTO_REPLY),
    "old Outlook": (PERSON + "Subject: Out of Office AutoReply: Export", "x", Kind.AUTO_REPLY),
    "out of office alone": (PERSON + "Subject: Out of office", "x", Kind.AUTO_REPLY),
    "Gmail": (PERSON + "Subject: Away Re: Export\nPrecedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied", "x", Kind.AUTO_REPLY),
    "precedence": (PERSON + "Subject: x\nPrecedence: auto_reply", "x", Kind.AUTO_REPLY),
    "an empty return path": (PERSON + "Subject: x\nReturn-Path: <>", "x", Kind.AUTO_REPLY),
    "a read receipt": (PERSON + "Subject: Read: Export\n" + report("disposition-notification"),
                       parts(part("text/plain", "It was read"), part("message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed")), Kind.AUTO_REPLY),
    "a receipt of arrival": (PERSON + "Subject: Relayed\n" + report(), parts(part("message/delivery-status", STATUS.format("relayed", "2.0.0", "2.0.0"))), Kind.AUTO_REPLY),
    "a complaint": (PERSON + "Subject: x\n" + report("feedback-report"), parts(part("message/feedback-report", "Feedback-Type: abuse")), Kind.AUTO_REPLY),
    "a calendar that accepts": (PERSON + "Subject: Accepted: Appointment\n" + MIXED, parts(part("text/plain", "Li has accepted"), calendar("REPLY")), Kind.AUTO_REPLY),
    "a calendar without words": (PERSON + "Subject: Appointment\n" + MIXED, parts(part("text/plain", ""), calendar("REPLY")), Kind.AUTO_REPLY),
    "a calendar in Chinese": (PERSON + "Subject: 已接受: 会议\n" + MIXED, parts(part("text/plain", "x"), calendar("REPLY")), Kind.AUTO_REPLY),
    "a list": (PERSON + "Subject: x\nList-Id: <news.customer.example>", "x", Kind.LIST),
    "a newsletter": (PERSON + "Subject: x\nList-Unsubscribe: <https://customer.example/u>", "x", Kind.LIST),
    "bulk": (PERSON + "Subject: x\nPrecedence: bulk", "x", Kind.LIST),
    "our own mail": (PERSON + f"Subject: x\n{LOOP_HEADER}: desk-7", "x", Kind.LOOP),
    "another desk's mail": (PERSON + f"Subject: x\n{LOOP_HEADER}: desk-8", "x", Kind.PERSON),
    "our own address": ("From: Help <HELP@desk.example>\nSubject: x", "x", Kind.LOOP),
    "round and round": (PERSON + "Subject: x\n" + "Received: from a by b\n" * (MOST_HOPS + 1), "x", Kind.LOOP),
    "a loop header that is no text": (PERSON + f"Subject: x\n{LOOP_HEADER}: =?utf-7?q?+2AA-?=", "x", Kind.PERSON),
    "nothing": ("X: y", "", Kind.PERSON),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_message_is_of_its_kind(name):
    head, body, kind = KINDS[name]
    assert kind_of(mail(head, body), **OWN) is kind


@pytest.mark.parametrize(
    "name", [name for name, (_head, _body, kind) in KINDS.items() if kind is not Kind.PERSON and kind is not Kind.LOOP]
)
def test_no_machine_is_answered(name):
    head, body, _kind = KINDS[name]
    assert not may_be_answered_by_machine(mail(head, body))


@pytest.mark.parametrize(
    ("sender", "answered"),
    [("li@customer.example", True), ("noreply@x.example", False), ("no-reply+7@x.example", False), ("billing-noreply@x.example", False), ("do.not.reply@x.example", False),
     ("bounce-7@x.example", False), ("nora.reply@x.example", True), ("bouncer@x.example", True), ("postmaster@x.example", False), ("", False), ("a" * 400 + "@x.example", False)],
)  # fmt: skip
def test_nobody_is_answered_who_does_not_read(sender, answered):
    assert may_be_answered_by_machine(mail(f"From: {sender}\nSubject: x")) is answered


@pytest.mark.parametrize("line", ["Return-Path: <>", "X-Auto-Response-Suppress: OOF", f"{LOOP_HEADER}: other"])
def test_who_asks_for_no_answer_of_a_machine_gets_none(line):
    assert not may_be_answered_by_machine(mail(PERSON + line))


DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: help@desk.example\n"
ORIGINAL = part("message/rfc822", "Message-ID: <t4.m2.abc@desk.example>\nSubject: Hi\n\nHi")
BOUNCES = {
    "Postfix": (DAEMON + "Subject: Undelivered Mail Returned to Sender\n" + report(),
                parts(part("text/plain", "I'm sorry"), part("message/delivery-status", STATUS.format("failed", "5.1.1", "5.1.1")), ORIGINAL),
                ("li@customer.example",), "5.1.1", True, False, "550 5.1.1 no such user", "t4.m2.abc@desk.example"),
    "a delay": (DAEMON + "Subject: Delayed Mail (still being retried)\n" + report(), parts(part("message/delivery-status", STATUS.format("delayed", "4.4.1", "4.4.1")), ORIGINAL),
                ("li@customer.example",), "4.4.1", False, True, "550 4.4.1 no such user", "t4.m2.abc@desk.example"),
    "Gmail": ("From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nX-Failed-Recipients: li@customer.example\nIn-Reply-To: <t4.m2.abc@desk.example>\n"
              "Subject: Delivery Status Notification (Failure)\n" + report(),
              parts(part("message/delivery-status", STATUS.format("failed", "5.7.1", "5.7.1"))), ("li@customer.example",), "5.7.1", True, False, "550 5.7.1 no such user", "t4.m2.abc@desk.example"),
    "Exchange without parts": ("From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>\nSubject: Undeliverable: Hi\nIn-Reply-To: <t4.m2.abc@desk.example>",
                               "Your message to li@customer.example couldn't be delivered.\n\n550 5.1.10 RESOLVER.ADR.RecipientNotFound\n",
                               ("li@customer.example",), "5.1.10", True, False, "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "t4.m2.abc@desk.example"),
    "Exchange in German": ("From: postmaster@customer.example\nSubject: Unzustellbar: Hi", "li@customer.example\n550 5.1.1 unbekannt", ("li@customer.example",), "5.1.1", True, False, "550 5.1.1 unbekannt", ""),
    "QQ": ("From: PostMaster@qq.com\nSubject: 来自qq.com的退信", "您发送给 li@qq.example 的邮件被退回。\n550 5.1.1 Mailbox not found", ("li@qq.example",), "5.1.1", True, False, "550 5.1.1 Mailbox not found", ""),
    "163": ("From: Postmaster@163.com\nSubject: 系统退信", "收件人 li@163.example 不存在\n550 User not found", ("li@163.example",), "", True, False, "550 User not found", ""),
    "qmail": (DAEMON + "Subject: failure notice", "Hi. This is the program.\n\n<li@customer.example>:\nSorry, no mailbox here by that name. 5.1.1\n", ("li@customer.example",), "5.1.1", True, False,
              "Sorry, no mailbox here by that name. 5.1.1", ""),
    "Exim": (DAEMON + "X-Failed-Recipients: li@customer.example, wang@customer.example\nSubject: Mail delivery failed", "not delivered", ("li@customer.example", "wang@customer.example"), "", True, False, "", ""),
    "a full mailbox": (DAEMON + "Subject: Undeliverable: Hi", "li@customer.example\n452 4.2.2 mailbox full", ("li@customer.example",), "4.2.2", False, False, "452 4.2.2 mailbox full", ""),
    "the original in the text": (DAEMON + "Subject: Returned mail", "li@customer.example\n550 5.1.1 no\n\n--- below is your message\nMessage-ID: <t4.m2.abc@desk.example>\n", ("li@customer.example",), "5.1.1",
                                 True, False, "550 5.1.1 no", "t4.m2.abc@desk.example"),
    "the head of the original": (DAEMON + "Subject: x\n" + report(), parts(part("message/delivery-status", STATUS.format("failed", "5.1.1", "5.1.1")), part("text/rfc822-headers", "Message-ID: <t4.m2.abc@desk.example>")),
                                 ("li@customer.example",), "5.1.1", True, False, "550 5.1.1 no such user", "t4.m2.abc@desk.example"),
    "a report without its part": (DAEMON + "Subject: x\n" + report(), parts(part("text/plain", "<li@customer.example>: 550 5.1.1 no")), ("li@customer.example",), "5.1.1", True, False, "<li@customer.example>: 550 5.1.1 no", ""),
    "a report that names no action": (DAEMON + "Subject: x\n" + report(), parts(part("message/delivery-status", "Final-Recipient: RFC822; <Li@customer.example>\nStatus: 5.0.0 (unknown)")),
                                      ("li@customer.example",), "5.0.0", True, False, "", ""),
    "two receivers": (DAEMON + "Subject: x\n" + report(), parts(part("message/delivery-status", STATUS.format("failed", "5.1.1", "5.1.1") + "\n\nFinal-Recipient: rfc822;wang@customer.example\nAction: failed\nStatus: 5.2.1")),
                      ("li@customer.example", "wang@customer.example"), "5.1.1", True, False, "550 5.1.1 no such user", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BOUNCES)
def test_a_report_that_ours_did_not_arrive_is_read(name):
    head, body, *wanted = BOUNCES[name]
    found = mail(head, body)
    bounce = bounce_of(found)
    assert kind_of(found, **OWN) is Kind.BOUNCE
    assert [bounce.recipients, bounce.status, bounce.permanent, bounce.delayed, bounce.reason, bounce.message_id] == wanted
    assert not may_be_answered_by_machine(found)


@pytest.mark.parametrize(
    ("value", "result"),
    [("mx.desk.example; dmarc=pass header.from=x.example", Dmarc.PASS), ("MX.desk.example; spf=pass; dmarc=fail", Dmarc.FAIL), ("evil.example; dmarc=pass", Dmarc.NONE),
     ("mx.desk.example; spf=pass (dmarc=pass)", Dmarc.NONE), ("mx.desk.example; spf=pass (a (b) dmarc=pass)", Dmarc.NONE), ("mx.desk.example; spf=pass (dmarc=pass", Dmarc.NONE),
     ("mx.desk.example 1; dmarc=none", Dmarc.NONE), ("", Dmarc.NONE)],
)  # fmt: skip
def test_only_the_own_server_is_believed_and_no_comment(value, result):
    assert dmarc_of(mail(f"{PERSON}Authentication-Results: {value}"), trusted="mx.desk.example") is result


def test_the_topmost_of_the_own_servers_results_counts():
    """What a sender wrote into the message stands below what the own server put on top."""
    head = "Authentication-Results: mx.desk.example; dmarc=fail\nAuthentication-Results: mx.desk.example; dmarc=pass"
    assert dmarc_of(mail(PERSON + head), trusted="mx.desk.example") is Dmarc.FAIL
