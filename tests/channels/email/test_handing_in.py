"""Handing letters to a real server: what it refuses for good, and what is tried again."""

import socket
from collections.abc import Iterator

import pytest

from steward.channels.contract import Cover, Later, Parcel, Place, Refused, Speaker
from steward.channels.email import smtp as handing
from steward.channels.email.carrier import Email
from tests.channels.email.desk import account
from tests.mail_servers import Smtp, free_port, settings_for, smtp_server

MARA, IRIS = "mara@people.example", "iris@people.example"
PARCEL = Parcel("m1", "text", Place("c"), text="Hello", cover=Cover((Speaker(MARA),), copies=(Speaker(IRIS),), automatic=False))


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as smtp:
        yield smtp


def at(smtp: Smtp, **settings: str):
    return account(**settings_for(None, smtp, **settings))


def test_a_letter_arrives_with_everybody_it_is_for_under_its_own_id(smtp):
    name = Email().carry(at(smtp), PARCEL)
    (sent,) = smtp.taken
    assert (sent.sender, sent.whom, sent.id) == ("help@desk.example", (MARA, IRIS), name)
    assert Email().carry(at(smtp), PARCEL) == name
    assert len(smtp.to(MARA)) == 1


def test_who_is_not_known_is_a_refusal_with_the_words_of_the_server(smtp):
    smtp.refuses[MARA] = "550 5.1.1 There is nobody of this name"
    with pytest.raises(Refused, match=r"550 5\.1\.1 There is nobody"):
        Email().carry(at(smtp), PARCEL)


def test_not_now_is_later_for_this_one_alone(smtp):
    smtp.refuses[MARA] = "451 4.2.1 The mailbox is busy"
    with pytest.raises(Later) as error:
        Email().carry(at(smtp), PARCEL)
    assert error.value.only_here


def test_a_copy_that_is_refused_holds_up_nobody(smtp):
    smtp.refuses[IRIS] = "550 Nobody"
    assert Email().carry(at(smtp), PARCEL)
    assert [one.whom for one in smtp.taken] == [(MARA,)]


@pytest.mark.parametrize("fails", ["broken", "garbage"])
def test_a_server_that_is_ill_is_left_alone_for_a_while(smtp, fails):
    smtp.fails = fails
    with pytest.raises(Later) as error:
        Email().carry(at(smtp), PARCEL)
    assert not error.value.only_here
    with pytest.raises(Later):
        Email().catch_up(at(smtp), "7:1:")
    assert Email().check(at(smtp))
    smtp.fails = ""
    assert Email().carry(at(smtp), PARCEL)
    assert Email().catch_up(at(smtp), "7:1:") == ((), "7:1:")
    assert Email().check(at(smtp)) == ""


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_so(smtp, monkeypatch):
    monkeypatch.setattr(handing, "WITHIN", 0.3)
    smtp.fails = "silent"
    with pytest.raises(Later):
        Email().carry(at(smtp), PARCEL)


def test_nobody_there_no_server_and_a_server_that_is_not_private_are_later_in_words(smtp):
    for settings in ({"smtp_port": str(free_port())}, {"smtp_host": ""}, {"smtp_security": "starttls"}, {"smtp_security": "ssl"}):
        with pytest.raises(Later) as error:
            Email().carry(at(smtp, **settings), PARCEL)
        assert str(error.value)


def test_a_password_that_is_wrong_is_told_without_it(smtp):
    from dataclasses import replace

    signed_in = replace(at(smtp, smtp_user="desk"), secrets={"smtp_password": "swordfish"})
    with pytest.raises(Later) as error:
        Email().carry(signed_in, PARCEL)
    assert "swordfish" not in str(error.value)


def test_a_line_that_is_cut_is_later():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Later):
        Email().carry(account(**settings_for(None, None, smtp_host="127.0.0.1", smtp_port=str(port))), PARCEL)
