"""Where a letter belongs, every combination of what it may claim."""

from itertools import product

import pytest

from steward.channels.email.addressing import is_own_id, message_id, notice_id, reply_address, ticket_claimed
from steward.channels.rules.threading import Seat, Step, seat_of

KEY, OTHER = b"this desk", b"another desk"


@pytest.mark.parametrize(("signed", "known", "automatic"), list(product([None, 1], [None, 2], [False, True])))
@pytest.mark.parametrize("of", [set(), {1}, {2}, {1, 2}])
def test_what_is_signed_goes_before_what_is_known_and_only_who_belongs_goes_on(signed, known, automatic, of):
    seat = seat_of(signed=signed, known=known, belongs=lambda ticket: ticket in of, automatic=automatic)
    claimed = 1 if signed else 2 if known else None
    if claimed is None:
        assert seat == Seat(Step.IGNORE if automatic else Step.OPEN)
    elif claimed in of:
        assert seat == Seat(Step.NOTE if automatic else Step.GO_ON, claimed)
    else:
        assert seat == (Seat(Step.IGNORE) if automatic else Seat(Step.OPEN_APART, claimed))


def test_nobody_is_asked_about_a_letter_that_claims_nothing():
    def asked(ticket):
        raise AssertionError(ticket)

    assert seat_of(signed=None, known=None, belongs=asked, automatic=False) == Seat(Step.OPEN)


def test_an_address_goes_before_an_id_and_the_nearest_id_before_those_further():
    addresses = ["help@desk.example", reply_address("help@desk.example", ticket=7, key=KEY)]
    ids = [f"{message_id(ticket=ticket, message=3, host='desk.example', key=KEY)}" for ticket in (8, 9)]
    assert ticket_claimed(addresses=addresses, answers=ids, key=KEY) == 7
    assert ticket_claimed(addresses=addresses[:1], answers=["some@where", *ids], key=KEY) == 8
    assert ticket_claimed(addresses=[], answers=[], key=KEY) is None


@pytest.mark.parametrize(
    "forged",
    [
        reply_address("help@desk.example", ticket=7, key=OTHER),
        reply_address("help@desk.example", ticket=7, key=KEY).replace("+t7.", "+t8."),
        "help+t7@desk.example",
        "help+t7.000000000000@desk.example",
        "help+t07.x@desk.example",
    ],
)
def test_what_another_desk_signed_or_somebody_changed_leads_nowhere(forged):
    assert ticket_claimed(addresses=[forged], answers=[], key=KEY) is None


@pytest.mark.parametrize(
    "forged",
    [
        message_id(ticket=7, message=3, host="desk.example", key=OTHER),
        message_id(ticket=7, message=3, host="desk.example", key=KEY).replace("m3", "m4"),
        notice_id("1:received:7", host="desk.example", key=OTHER),
        "n.00.00@desk.example",
        "",
    ],
)
def test_an_id_that_this_desk_did_not_make_is_none_of_its_own(forged):
    assert not is_own_id(forged, key=KEY)
    assert ticket_claimed(addresses=[], answers=[forged], key=KEY) is None


def test_its_own_ids_are_known_wherever_they_come_back_from():
    assert is_own_id(message_id(ticket=7, message=3, host="old.example", key=KEY), key=KEY)
    assert is_own_id(notice_id("1:received:7", host="desk.example", key=KEY), key=KEY)
