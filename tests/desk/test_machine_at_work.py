"""The same desk under all that people do at work: merging, splitting, snoozing, holding, macros, runs, erasing, handing over."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from steward.desk.actions import bulk, bulk_running, macro_runs, merging, moving, snoozing, watching
from steward.desk.actions.drafts import Typed, discard_draft, save_draft
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.handing_over import Leaving, hand_over
from steward.desk.actions.handling import beat, close_left_handling
from steward.desk.actions.macros import create_macro
from steward.desk.actions.releasing import release_due, send_now, take_back
from steward.desk.actions.sending import Manner, Written, send_reply
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.models import Draft, HandedTicket, HeldReply, MacroRun, Merge, Message, Snooze, Status, Ticket
from steward.desk.rules.states import State
from tests.desk.test_machine import BODIES, NUMBERS, machine, play

AGENTS = st.sampled_from(["ada", "ben", "lin"])


def at_work(cast):
    class DeskAtWork(machine(cast)):
        """What one actor may do to many tickets, and many actors to one."""

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
                    client_token=token,
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
            release_due(at=cast.at)
            close_left_handling(at=cast.at)

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
        @rule(who=AGENTS, wanted=st.sampled_from(["1", "4"]), undo=st.booleans())
        def change_many(self, who, wanted, undo):
            run = self.attempt(bulk.gather, ticket_ids=self.tickets()[:20], by=self.by(who))
            if run is None:
                return
            if self.attempt(bulk.start_bulk, bulk_id=run.pk, calls=[Call("priority", {"priority": wanted})], by=self.by(who)):
                bulk_running.run_some(bulk_id=run.pk, at=cast.at)
            if undo:
                back = self.attempt(bulk.undo_bulk, bulk_id=run.pk, by=self.by(who))
                if back:
                    bulk_running.run_some(bulk_id=back.pk, at=cast.at)

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS)
        def erase_words(self, number):
            message = self.some(Message.objects.filter(ticket_id__gt=self.first), number)
            if message:
                self.attempt(erase_content, message_id=message.pk, words=True, attachment_ids=[], reason="asked", by=self.by("lin"))

        @precondition(lambda self: self.tickets())
        @rule(number=NUMBERS, who=AGENTS, idle=st.integers(0, 200), leaving=st.booleans())
        def look_at(self, number, who, idle, leaving):
            self.attempt(beat, ticket_id=self.pick(number), idle_for=idle, leaving=leaving, by=self.by(who))

        @rule(choice=st.sampled_from(list(HandedTicket.Choice)))
        def hand_over(self, choice):
            mine = Ticket.objects.filter(assignee=cast.ben, state__in=["open", "pending", "on_hold"]).values_list("id", flat=True)
            leaving = [Leaving(ticket_id=pk, choice=choice, note="see the last note") for pk in mine]
            self.attempt(hand_over, user_id=cast.ben.pk, leaving=leaving, note="all told", ends_shift=False, by=self.by("ben"))

    return DeskAtWork


def test_any_order_of_work_leaves_the_desk_in_order(cast):
    play(cast, max_examples=3, stateful_step_count=25, build=at_work)


@pytest.mark.long
def test_twenty_thousand_acts_leave_the_desk_in_order(fresh_cast):
    steps = 100
    examples = int(os.environ.get("STEWARD_TEST_ACTS", "20000")) // steps
    play(fresh_cast, max_examples=examples, stateful_step_count=steps, build=at_work)
