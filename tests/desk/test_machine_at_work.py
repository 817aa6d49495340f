"""The same desk under all that people do at work: merging, splitting, snoozing, holding, macros, runs, erasing, handing over."""

import os
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from steward.desk.actions import asides, bulk, bulk_running, macro_runs, merging, moving, participants, snoozing, watching
from steward.desk.actions.caring import flag_ticket
from steward.desk.actions.drafts import Typed, discard_draft, save_draft
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.field_values import set_field
from steward.desk.actions.handing_over import Leaving, hand_over
from steward.desk.actions.handling import beat, close_left_handling
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.macros import create_macro
from steward.desk.actions.releasing import release_due, send_now, take_back
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.wholes import update_parts
from steward.desk.models import Conversation, Draft, HandedTicket, HeldReply, Link, MacroRun, Merge, Message, Snooze, Status, Ticket
from steward.desk.rules.care import Harm
from steward.desk.rules.states import State
from tests.cast import SETUP
from tests.desk.test_machine import BODIES, NUMBERS, Tally, drawn_seed, machine, play
from tests.figures import show

AGENTS = st.sampled_from(["ada", "ben", "lin"])
CALLS = st.sampled_from(
    [
        [Call("priority", {"priority": "1"})],
        [Call("priority", {"priority": "4"}), Call("add_tag", {"tag": "wave"})],
        [Call("remove_tag", {"tag": "wave"})],
        [Call("snooze", {"until": "reply"})],
        [Call("note", {"body": "The same thing as yesterday."})],
        [Call("reply", {"body": "It works again, {{requester.first_name}}."})],
    ]
)


def at_work(cast, tally=None, afresh=lambda: None):
    class DeskAtWork(machine(cast, tally, afresh)):
        """What one actor may do to many tickets, and many actors to one."""

        takes_back = True

        @initialize()
        def some_tickets_are_there(self):
            for number in range(5):
                queue, requester = (cast.restricted if number == 4 else cast.support), (cast.oto if number == 3 else cast.ravi)
                cast.ticket(f"Number {number} is stuck", queue=queue, requester=requester)

        @initialize()
        def the_desk_asks_a_field(self):
            self.field = create_field(values={"name": f"Cause {uuid4()}"[:40], "kind": "text"}, by=SETUP, at=cast.at)

        @initialize()
        def the_desk_has_a_macro(self):
            pending = str(Status.objects.get(state="pending", is_default=True).pk)
            calls = [
                Call("reply", {"body": "Please reload, {{requester.first_name}}."}),
                Call("priority", {"priority": "2"}),
                Call("status", {"status": pending, "reason": "", "why": ""}),
            ]
            self.macro = create_macro(
                about=About(f"Reload {uuid4()}"[:40], scope="all"), calls=calls, by=cast.actor(cast.lin), at=cast.at
            )

        def by(self, who):
            return cast.actor(getattr(cast, who))

        def some(self, rows, number):
            found = list(rows.order_by("id"))
            return found[number % len(found)] if found else None

        @precondition(lambda self: len(self.tickets()) > 1)
        @rule(one=NUMBERS, other=NUMBERS, who=AGENTS)
        def merge(self, one, other, who):
            self.attempt(merging.merge_tickets, source_ids=[self.pick(one)], target_id=self.pick(other), by=self.by(who))

        @rule(number=NUMBERS, who=AGENTS)
        def unmerge(self, number, who):
            found = self.some(Merge.objects.filter(undone_at=None, source_id__gt=self.first), number)
            if found:
                self.attempt(merging.unmerge_ticket, ticket_id=found.source_id, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, after=st.booleans(), token=st.sampled_from(["", "again"]))
        def split(self, number, after, token):
            message = self.some(Message.objects.filter(ticket_id__gt=self.first), number)
            if message:
                self.attempt(
                    moving.split_ticket,
                    ticket_id=message.shown_on_id or message.ticket_id,
                    message_id=message.pk,
                    and_after=after,
                    subject="Apart",
                    client_token=token and f"{token} {message.pk}",
                    by=self.by("lin"),
                )

        @precondition(lambda self: len(self.tickets()) > 1)
        @rule(number=NUMBERS, to=NUMBERS)
        def move_a_message(self, number, to):
            message = self.some(Message.objects.filter(ticket_id__gt=self.first), number)
            if message:
                self.attempt(moving.move_message, message_id=message.pk, to_id=self.pick(to), by=self.by("lin"))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, until=st.sampled_from(list(Snooze.Until)), hours=st.integers(1, 30))
        def snooze(self, number, who, until, hours):
            until_at = cast.at + timedelta(hours=hours) if until == Snooze.Until.TIME else None
            self.attempt(snoozing.snooze_ticket, ticket_id=self.pick(number), until=until, until_at=until_at, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, accept=st.booleans())
        def wake(self, number, who, accept):
            act = snoozing.accept_return if accept else snoozing.unsnooze_ticket
            self.attempt(act, ticket_id=self.pick(number), by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, off=st.booleans())
        def watch(self, number, who, off):
            self.attempt(watching.unwatch_ticket if off else watching.watch_ticket, ticket_id=self.pick(number), by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, body=BODIES, then=st.sampled_from([None, State.PENDING, State.SOLVED]), token=NUMBERS)
        def send(self, number, who, body, then, token):
            written = Written(body=body, client_token=f"token {token}")
            self.attempt(send_reply, ticket_id=self.pick(number), written=written, manner=Manner(then=then), by=self.by(who))

        @rule(number=NUMBERS, who=AGENTS, back=st.booleans())
        def decide_on_a_held_reply(self, number, who, back):
            held = self.some(HeldReply.objects.filter(ticket_id__gt=self.first), number)
            if held:
                self.attempt(take_back if back else send_now, held_id=held.pk, by=self.by(who))

        @rule(seconds=st.integers(1, 20))
        def moments_pass(self, seconds):
            cast.later(seconds=seconds)
            self.attempt(release_due)
            self.attempt(close_left_handling)

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, body=BODIES, drop=st.booleans())
        def type_something(self, number, who, body, drop):
            draft = self.attempt(
                save_draft, ticket_id=self.pick(number), kind=Draft.Kind.REPLY, typed=Typed(body=body, device=who), by=self.by(who)
            )
            if draft and drop:
                discard_draft(draft_id=draft.pk, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, undo=st.booleans())
        def run_the_macro(self, number, who, undo):
            self.attempt(macro_runs.run_macro, macro_id=self.macro.pk, ticket_id=self.pick(number), seen_version=1, by=self.by(who))
            run = MacroRun.objects.filter(ticket_id__gt=self.first).order_by("-id").first()
            if run and undo:
                self.attempt(macro_runs.undo_macro_run, run_id=run.pk, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(who=AGENTS, calls=CALLS, stop=st.booleans(), undo=st.booleans())
        def change_many(self, who, calls, stop, undo):
            run = self.attempt(bulk.gather, ticket_ids=self.tickets()[:20], by=self.by(who))
            if run is None or self.attempt(bulk.start_bulk, bulk_id=run.pk, calls=calls, by=self.by(who)) is None:
                return
            if stop:
                self.attempt(bulk.stop_bulk, bulk_id=run.pk, by=self.by(who))
            cast.later(minutes=1)
            self.attempt(bulk_running.run_some, bulk_id=run.pk)
            back = self.attempt(bulk.undo_bulk, bulk_id=run.pk, by=self.by(who)) if undo else None
            if back:
                self.attempt(bulk_running.run_some, bulk_id=back.pk)

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS)
        def erase_words(self, number):
            message = self.some(Message.objects.filter(ticket_id__gt=self.first), number)
            if message:
                self.attempt(erase_content, message_id=message.pk, words=True, attachment_ids=[], reason="asked", by=self.by("lin"))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, idle=st.integers(0, 200), leaving=st.booleans())
        def look_at(self, number, who, idle, leaving):
            self.attempt(beat, ticket_id=self.pick(number), idle_for=timedelta(seconds=idle), leaving=leaving, by=self.by(who))

        @rule(choice=st.sampled_from(list(HandedTicket.Choice)))
        def hand_over(self, choice):
            mine = Ticket.objects.filter(assignee=cast.ben, state__in=["open", "pending", "on_hold"]).values_list("id", flat=True)
            leaving = [Leaving(ticket_id=pk, choice=choice, note="see the last note") for pk in mine]
            self.attempt(hand_over, user_id=cast.ben.pk, leaving=leaving, note="all told", ends_shift=False, by=self.by("ben"))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, value=st.sampled_from(["a flag", "a crash", None]))
        def fill_the_field(self, number, who, value):
            self.attempt(set_field, ticket_id=self.pick(number), field_id=self.field.pk, value=value, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, harm=st.sampled_from(list(Harm)))
        def flag(self, number, who, harm):
            self.attempt(flag_ticket, ticket_id=self.pick(number), harm=harm, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, body=BODIES, outside=st.booleans())
        def ask_aside(self, number, who, body, outside):
            asked = {"party": "The vendor", "address": "desk@vendor.example"} if outside else {"team": cast.team}
            self.attempt(asides.start_aside, ticket_id=self.pick(number), topic="Is it you?", body=body, by=self.by(who), **asked)

        @rule(number=NUMBERS, who=AGENTS, body=BODIES, act=st.sampled_from(["say", "answer", "end", "reopen", "renew"]))
        def go_on_aside(self, number, who, body, act):
            talk = self.some(Conversation.objects.filter(ticket_id__gt=self.first, kind=Conversation.Kind.SIDE), number)
            if talk is None:
                return
            if act == "say":
                self.attempt(asides.say_aside, conversation_id=talk.pk, body=body, by=self.by(who))
            elif act == "answer":
                self.attempt(asides.answer_aside, conversation_id=talk.pk, body=body, by=asides.guest(talk))
            else:
                acts = {"end": asides.end_aside, "reopen": asides.reopen_aside, "renew": asides.renew_link}
                self.attempt(acts[act], conversation_id=talk.pk, by=self.by(who))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, out=st.booleans())
        def tell_along(self, number, who, out):
            act = participants.remove_participant if out else participants.add_participant
            self.attempt(act, ticket_id=self.pick(number), requester_id=cast.oto.pk, by=self.by(who))

        @precondition(lambda self: len(self.tickets()) > 1)
        @rule(number=NUMBERS, whole=NUMBERS, closing=st.sampled_from(Link.Closing.values))
        def make_part_of(self, number, whole, closing):
            part, kind = self.pick(number), Link.Kind.CHILD
            self.attempt(link_tickets, ticket_id=part, other_id=self.pick(whole), kind=kind, closing=closing, by=self.by("lin"))

        @precondition(lambda self: self.tickets())
        @rule(whole=NUMBERS, calls=CALLS)
        def change_the_parts(self, whole, calls):
            self.attempt(update_parts, whole_id=self.pick(whole), calls=calls, by=self.by("lin"))

    return DeskAtWork


def test_any_order_of_work_leaves_the_desk_in_order(cast):
    play(at_work(cast), drawn_seed(), max_examples=3, stateful_step_count=25)


@pytest.mark.long
def test_twenty_thousand_acts_leave_the_desk_in_order(fresh_cast, afresh):
    # Refusals are played and counted too, but it is what was done that has to come to so many.
    wanted, drawn, tally = int(os.environ.get("STEWARD_TEST_ACTS", "20000")), drawn_seed(), Tally()
    began, rounds = time.monotonic(), 0
    while tally.done.total() < wanted:
        play(at_work(fresh_cast, tally, afresh), drawn + rounds, max_examples=10, stateful_step_count=100)
        rounds += 1
    total = f"{tally.done.total()} acts done and {tally.refused.total()} refused, seed {drawn}, {time.monotonic() - began:.0f} s"
    show("machine-at-work", [total, *tally.lines()])
    # Each act was possible, and none was refused each time it was tried.
    assert [name for name in {*tally.done, *tally.refused} if not tally.done[name]] == []
