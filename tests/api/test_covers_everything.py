"""The API can do all that the screens can: each action is called by an operation, or stands here with a reason."""

import ast
from pathlib import Path

STEWARD = Path(__file__).resolve().parents[2] / "steward"
PACKAGES = ("desk", "roster", "sla", "people")
# Of the channels, what admins set up by a screen of its own.
SET_UP = ("accounts", "resending", "webhooks", "webhook_sending", "widget_sites")
WITHIN = "a step within other actions, on rows that they have locked"
OWN = "the desk does it by itself: a timer, a job, or what follows from a fact"
REGISTERING = "told once at start, by packages that add to the desk"
READING = "reads or reckons; what it tells is part of other answers"
REQUESTERS = "said or done by the requester, by way of a channel"
BROWSERS = "a page that is open tells of itself; a program has none"
COMMAND = "a command of whoever runs the desk, with its own files and progress"
SESSION = "how a person gets in by a link or a form, before there is anybody to act for"
EXEMPT = {
    **dict.fromkeys(
        (
            "desk.assignment.give desk.assignment.take_over desk.changing.relocate desk.changing.put_tag desk.comparing.differs"
            " desk.confirming.ask desk.confirming.ask_for_confirmation desk.confirming.ask_for_rating"
            " desk.confirming.withdraw_questions desk.confirming.cancel_timers desk.drafts.was_sent desk.drafts.fold_in"
            " desk.erasing.forget_words desk.erasing.forget_file desk.field_values.fill_at_opening"
            " desk.field_values.require_fields_to_solve desk.intake.record_opening desk.intake.confirm"
            " desk.intake.hand_back_if_off_duty desk.lifecycle.move desk.lifecycle.set_state desk.lifecycle.check_state"
            " desk.lifecycle.reopen desk.lifecycle.close_with desk.lifecycle.never_new_again desk.linking.join"
            " desk.locking.holding desk.locking.lock desk.locking.lock_to_speak desk.locking.lock_where_it_goes_on"
            " desk.locking.lock_in_sight desk.locking.lock_for_work desk.locking.refuse_merged desk.locking.lock_merged_or_not"
            " desk.locking.default_status desk.locking.touch desk.macro_holding.hold_run desk.macro_holding.do_held_run"
            " desk.moving.show_on desk.moving.refresh desk.naming.name_people desk.participants.keep_seen"
            " desk.participants.keep_mailed desk.replies.check_reply desk.replies.refuse_unread"
            " desk.searching.index_new desk.searching.index_more desk.searching.index_again desk.sending.hold"
            " desk.sending.stored desk.stirring.tell_writing desk.setting_rows.locked_setting desk.setting_rows.create_setting"
            " desk.setting_rows.change_setting desk.setting_rows.checked_setting desk.setting_rows.save_setting"
            " desk.setting_rows.refuse_while_used desk.sharing.lock_kept desk.sharing.save_kept desk.sharing.told_of"
            " desk.sharing.count_use desk.snoozing.wake desk.stirring.stir desk.telling_watchers.tell"
            " desk.verbs.running.perform_all desk.verbs.running.take_back desk.verbs.looking_up.looked_up"
            " desk.waking.end_snooze desk.waking.settle_return desk.watching.start_watching desk.watching.stop_watching"
            " desk.writing.write_message desk.writing.conversation_of desk.writing.sent_before sla.clocks.start"
            " sla.clocks.pause sla.clocks.resume sla.clocks.stop sla.clocks.retarget sla.clocks.breach sla.clocks.warn"
            " people.addresses.keep_address people.requesters.move_requester_address people.users.create_account"
            " people.tokens.revoke_tokens_of people.tokens.keep_token_used people.tokens.keep_answer"
            " desk.automations.acting.act desk.automations.parking.park desk.filing.store_file desk.macros.check_calls"
        ).split(),
        WITHIN,
    ),
    **dict.fromkeys(
        (
            "channels.webhook_sending.plan_webhooks channels.webhook_sending.wake_webhook channels.webhook_sending.send_due"
            " channels.webhook_sending.send_webhook channels.webhook_sending.sweep_webhooks"
            " desk.assignment.route_waiting desk.assignment.route_ticket desk.automations.hearing.hear"
            " desk.automations.sweeping.sweep_automations desk.bulk.forget_prepared desk.bulk_running.work_off"
            " desk.bulk_running.run_some desk.bulk_running.take_up_lost_runs desk.changing.set_due desk.erasing.erase_bytes"
            " desk.erasing_asides.forget_guest desk.erasing_asides.forget_asides_of desk.erasing_asides.erase_asides"
            " desk.erasing_people.count desk.erasing_people.erase desk.erasing_people.forget desk.handling.close_left_handling"
            " desk.leaving.offer_what_was_left desk.releasing.release_due desk.releasing.release_reply"
            " desk.releasing.come_back desk.snoozing.follow_shifts desk.starting.start_desk desk.telling.tell_of_assignment"
            " desk.telling.tell_of_message desk.telling.tell_of_due_follow_ups desk.telling_watchers.tell_watchers"
            " desk.timing.sweep_timers desk.timing.fold_counts desk.viewing.end_left_views desk.wholes.solve_along"
            " roster.erasing.count roster.erasing.erase sla.attending.attend sla.defaults.create_default_policy"
            " sla.sweeping.sweep people.erasing.carry_on people.erasing.carry_on_all people.mailing.mail_invitation"
            " people.mailing.mail_password_link people.notices.notify people.notices.sum_up people.notices.move_notices"
            " people.invitations.first_admin_link people.tokens.forget_answers"
        ).split(),
        OWN,
    ),
    **dict.fromkeys(
        (
            "desk.automations.desk_occasions.register desk.automations.hearing.register_happening"
            " desk.automations.occasions.add_happening desk.automations.occasions.register_span desk.verbs.custom.register"
            " desk.verbs.fields.register desk.verbs.moving.register desk.verbs.sleeping.register desk.verbs.speaking.register"
            " desk.filing.declare_holder desk.verbs.registry.register_verb sla.occasions.register"
        ).split(),
        REGISTERING,
    ),
    **dict.fromkeys(
        (
            "desk.asides.guest desk.automations.acting.conditions_of desk.automations.acting.calls_of"
            " desk.automations.acting.rule_actor desk.automations.making.content_of desk.automations.occasions.happenings"
            " desk.automations.occasions.spans desk.automations.occasions.span_named"
            " desk.automations.occasions.happening_named desk.automations.occasions.happenings_in"
            " desk.automations.occasions.when_words desk.automations.occasions.read_when desk.automations.parking.said desk.bulk_preview.rendered"
            " desk.erasing.of_person desk.erasing.with_words_left desk.erasing_asides.asides_with"
            " desk.erasing_people.mentions_elsewhere desk.filing.storage desk.filing.path_of desk.filing.veil_of desk.filing.is_held_above"
            " desk.filing.bytes_upload desk.filling.filled_for desk.filling.filled desk.filling.unfilled"
            " desk.filling.unfilled_words desk.filling.refuse_placeholders desk.filling.check_variables"
            " desk.intake.first_queue desk.macro_holding.macro_actor desk.macro_holding.calls_of"
            " desk.macro_holding.written_calls desk.macro_holding.speaks desk.macro_holding.waits"
            " desk.macro_runs.can_undo desk.merging.side_of desk.merging.why_not desk.moving.is_waited_for"
            " desk.participants.taking_part desk.pictures.without_traces desk.pictures.veil desk.searching.words_of"
            " desk.sending.hold_seconds desk.setting_rows.plain desk.sharing.values_of"
            " desk.verbs.custom.field_choices desk.verbs.differing.differences desk.verbs.fields.category_choices"
            " desk.verbs.looking_up.row_of desk.verbs.looking_up.tag_called desk.verbs.looking_up.fields_in_use"
            " desk.verbs.moving.people_choices desk.verbs.moving.queue_choices desk.verbs.refusing.refusal"
            " desk.verbs.registry.verb_named desk.verbs.registry.prepared desk.verbs.running.words_of"
            " desk.verbs.running.rehearse desk.weighing.default_weight desk.writing.clean_token desk.writing.clean_body"
            " desk.writing.check_files sla.clocks.is_overdue people.passwords.hashed_password"
        ).split(),
        READING,
    ),
    "desk.answering.answer_question": REQUESTERS,
    "desk.intake.receive_message": REQUESTERS,
    "people.requesters.requester_for_user": REQUESTERS,
    "desk.handling.beat": BROWSERS,
    "desk.viewing.beat": BROWSERS,
    "desk.viewing.cover_again": BROWSERS,
    "desk.sending.send_note": "a note from a draft of a page; `add_note` writes the same",
    "desk.carrying.declare_carried": REGISTERING,
    "desk.carrying.search_rows_anew": COMMAND,
    "desk.filing.keep_bytes": COMMAND,
    "desk.importing.import_tickets": COMMAND,
    "people.importing.import_people": COMMAND,
    "people.invitations.accept_invitation": SESSION,
    "people.passwords.use_password_link": SESSION,
    "people.passwords.set_password": SESSION,
    "people.users.sign_up": SESSION,
}


def actions():
    """Give every public function of the actions, as `package.file.name`."""
    for package in PACKAGES:
        root = STEWARD / package / "actions"
        for path in sorted(root.rglob("*.py")):
            place = ".".join(path.relative_to(root).with_suffix("").parts)
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{package}.{place}.{node.name}"
    for place in SET_UP:
        for node in ast.parse((STEWARD / "channels" / "actions" / f"{place}.py").read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"channels.{place}.{node.name}"


def called():
    """Give the actions that an operation calls: imported from where they are, and called within a declared view."""
    for path in sorted((STEWARD / "api" / "v1").glob("*.py")):
        tree = ast.parse(path.read_text())
        imported = {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and ".actions" in (node.module or ""):
                package, _dot, place = node.module.removeprefix("steward.").partition(".actions")
                for alias in node.names:
                    imported[alias.asname or alias.name] = (package, place.strip("."), alias.name)
        for view in tree.body:
            if isinstance(view, ast.FunctionDef) and view.decorator_list:
                for node in ast.walk(view):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
                        yield imported[node.func.id]


def test_each_action_is_an_operation_or_stands_here_with_a_reason():
    known = set(actions())
    assert len(known) > 250
    reached = set()
    for package, place, name in called():
        # Some packages give their actions out of one front door.
        reached |= (
            {f"{package}.{place}.{name}"}
            if place
            else {one for one in known if one.startswith(f"{package}.") and one.endswith(f".{name}")}
        )
    missing = sorted(known - reached - set(EXEMPT))
    assert missing == []
    assert len(known & reached) > 120


def test_nothing_is_excused_that_is_done_or_gone():
    known = set(actions())
    assert sorted(set(EXEMPT) - known) == []


def test_no_two_shapes_or_operations_share_a_name():
    shapes, operations = [], []
    for path in (STEWARD / "api").rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                shapes.append(node.name)
            elif isinstance(node, ast.FunctionDef) and any(
                ast.unparse(one).startswith(("get(", "post(", "put(", "patch(", "delete(")) for one in node.decorator_list
            ):
                operations.append(node.name)
    assert [name for name in set(shapes) if shapes.count(name) > 1] == []
    assert [name for name in set(operations) if operations.count(name) > 1] == []
    assert len(operations) > 180
