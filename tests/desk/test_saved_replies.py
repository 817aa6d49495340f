"""Saved replies: for whom, in which language, with which variables; nothing is lost when one is rewritten."""

import pytest

from steward.core.errors import Conflict, Invalid, NotAllowed, NotFound
from steward.desk.actions.saved_replies import change_saved_reply, create_saved_reply, put_away_saved_reply
from steward.desk.actions.sharing import About, count_use
from steward.desk.models import SavedReply, SavedReplyText
from steward.desk.queries.saved_replies import suggestions
from steward.desk.rules.languages import choose_language
from steward.ledger.models import Event
from steward.people.actions import create_team
from tests.cast import NOW, SETUP


@pytest.fixture
def save(cast):
    def save(who=None, name="Reset", texts=None, **about):
        texts = texts or {"": "Hello {{requester.first_name}}, please sign in again."}
        return create_saved_reply(about=About(name, **about), texts=texts, by=cast.actor(who or cast.ada), at=cast.at)

    return save


def found(cast, who, words="", ticket=None, language="en"):
    ticket = ticket or cast.ticket()
    return suggestions(cast.actor(who), ticket_id=ticket.pk, language=language, words=words)


def test_a_private_one_is_its_owners_alone(cast, save):
    save()
    assert [one.name for one in found(cast, cast.ada)] == ["Reset"]
    for other in (cast.ben, cast.lin, cast.ana):
        assert found(cast, other) == []


def test_only_leads_and_admins_share_and_a_lead_only_with_her_own_team(cast, save):
    other = create_team(name="Elsewhere", by=SETUP, at=NOW)
    with pytest.raises(NotAllowed):
        save(scope="all")
    with pytest.raises(NotAllowed):
        save(scope="team", team=cast.team)
    with pytest.raises(NotAllowed):
        save(who=cast.lin, scope="team", team=other)
    save(who=cast.lin, scope="team", team=cast.team)
    save(who=cast.ana, name="For all", scope="all")
    save(who=cast.ana, name="Theirs", scope="team", team=other)
    assert [one.name for one in found(cast, cast.ben)] == ["For all", "Reset"]


def test_who_may_only_use_one_may_not_change_it_and_a_private_one_of_others_does_not_exist(cast, save):
    shared, private = save(who=cast.lin, name="Shared", scope="all"), save(name="Mine")
    ben = cast.actor(cast.ben)
    with pytest.raises(NotAllowed):
        put_away_saved_reply(saved_reply_id=shared.pk, is_active=False, by=ben, at=cast.at)
    for who in (cast.ben, cast.ana):
        with pytest.raises(NotFound):
            put_away_saved_reply(saved_reply_id=private.pk, is_active=False, by=cast.actor(who), at=cast.at)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({}, "body"),
        ({"": "   "}, "body"),
        ({"": "{{requester.nmae}}"}, "body"),
        ({"": "{{}}"}, "body"),
        ({"klingon!": "Qapla"}, "language"),
        ({"en": "a", "EN": "b"}, "language"),
        ({"": "x" * 20_001}, "body"),
    ],
)
def test_a_text_that_cannot_be_is_refused_at_its_field(cast, save, texts, field):
    with pytest.raises(Invalid) as told:
        create_saved_reply(about=About("Bad"), texts=texts, by=cast.actor(cast.ada), at=cast.at)
    assert told.value.field == field
    assert not SavedReply.objects.exists()


def test_a_name_is_taken_only_among_those_for_the_same_people(cast, save):
    save()
    with pytest.raises(Conflict):
        save(name="RESET")
    save(who=cast.ben)
    save(who=cast.lin, scope="all")


def test_the_text_is_the_one_in_the_requesters_language_filled_in(cast, save):
    save(texts={"": "Hello {{requester.name}}", "fr": "Bonjour {{requester.name}}", "zh-hans": "您好"})
    ticket = cast.ticket()
    assert [found(cast, cast.ada, ticket=ticket, language=one)[0].text for one in ("fr-ca", "zh-hans", "de", "")] == [
        "Bonjour Ravi",
        "您好",
        "Hello Ravi",
        "Hello Ravi",
    ]


def test_an_empty_variable_is_named_and_stays_in_sight(cast, save):
    save(texts={"": "For {{requester.market}} and {{requester.team}}"})
    only = found(cast, cast.ada)[0]
    assert only.text == "For IN and {{requester.team}}"
    assert only.missing == ("requester.team",)


def test_every_word_is_looked_for_in_name_folder_and_text_and_use_goes_first(cast, save):
    save(name="Reset password", folder="Access", texts={"": "Use the link."})
    often = save(name="Grant access", folder="Access", texts={"": "Ask your lead for the queue."})
    count_use(SavedReply, often.pk, by=cast.actor(cast.ada))
    assert [one.name for one in found(cast, cast.ada, "access")] == ["Grant access", "Reset password"]
    assert [one.name for one in found(cast, cast.ada, "acc link")] == ["Reset password"]
    assert [one.name for one in found(cast, cast.ada, "reset")] == ["Reset password"]
    assert found(cast, cast.ada, "%") == []


def test_rewriting_keeps_the_old_text_and_tells_which_language_changed(cast, save):
    row = save(texts={"": "One", "fr": "Un"})
    change_saved_reply(
        saved_reply_id=row.pk, about=About("Reset"), texts={"": "Two", "de": "Zwei"}, by=cast.actor(cast.ada), at=cast.at
    )
    assert set(SavedReplyText.objects.filter(reply=row).values_list("language", "body")) == {
        ("", "One"),
        ("", "Two"),
        ("fr", "Un"),
        ("de", "Zwei"),
    }
    told = Event.objects.filter(stream=f"saved_reply:{row.pk}", kind="desk.saved_reply_rewritten").order_by("seq")
    assert [event.payload["text_language"] for event in told] == ["", "fr", "", "de", "fr"]
    assert "Two" not in str(list(told.values_list("payload", flat=True)))


def test_one_put_away_is_offered_no_more_and_can_come_back(cast, save):
    row = save()
    put_away_saved_reply(saved_reply_id=row.pk, is_active=False, by=cast.actor(cast.ada), at=cast.at)
    assert found(cast, cast.ada) == []
    put_away_saved_reply(saved_reply_id=row.pk, is_active=True, by=cast.actor(cast.ada), at=cast.at)
    assert len(found(cast, cast.ada)) == 1


@pytest.mark.parametrize("count", [1, 3, 20])
def test_finding_costs_the_same_however_many_there_are(cast, save, assert_queries, count):
    for number in range(count):
        save(name=f"Reply {number}", texts={"": f"Text {number}", "fr": "x"})
    ticket, ada = cast.ticket(), cast.actor(cast.ada)
    with assert_queries(3):
        assert len(suggestions(ada, ticket_id=ticket.pk, language="en")) == count


@pytest.mark.parametrize(
    ("available", "wanted", "chosen"),
    [
        ([], ["en"], None),
        (["fr"], ["en"], "fr"),
        (["", "fr"], ["en"], ""),
        (["pt", "pt-br", ""], ["pt-BR"], "pt-br"),
        (["pt", ""], ["pt-br"], "pt"),
        (["pt-pt", ""], ["pt-br"], "pt-pt"),
        (["zh-hans", "zh-hant"], ["zh-hant-tw"], "zh-hant"),
        (["de", "en"], ["", "en"], "en"),
        (["de", "en"], ["it", "en"], "en"),
    ],
)
def test_a_language_is_chosen_by_itself_its_kin_or_the_text_for_all(available, wanted, chosen):
    assert choose_language(available, *wanted) == chosen
