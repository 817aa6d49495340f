"""An afternoon at the desk: something of everything a screen can show."""

from datetime import timedelta

from steward.channels.actions.accounts import create_channel
from steward.channels.actions.webhooks import create_webhook
from steward.channels.actions.widget_sites import create_widget_site
from steward.channels.models import ChannelHealth, ChannelPerson, InboundEnvelope, Outgoing
from steward.core import clock
from steward.desk.actions.answering import answer_question
from steward.desk.actions.assignment import assign_ticket
from steward.desk.actions.automations.making import Content, create_automation
from steward.desk.actions.automations.occasions import When
from steward.desk.actions.changing import add_tag, change_ticket
from steward.desk.actions.field_settings import create_field
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.following_up import add_follow_up
from steward.desk.actions.intake import Origin, receive_message
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.macros import create_macro
from steward.desk.actions.replies import add_note, reply
from steward.desk.actions.saved_replies import create_saved_reply
from steward.desk.actions.settings import create_category
from steward.desk.actions.sharing import About
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.views import Layout, create_view
from steward.desk.models import Link, Question, Ticket
from steward.desk.rules.filters.reading import read_filter
from steward.desk.rules.states import State
from steward.people.actions import ensure_requester, invite_user, notify
from steward.roster.actions import add_shift
from steward.roster.models import ShiftKind
from steward.sla.actions import create_default_policy
from tests.browser.beside import hang_on
from tests.cast import SETUP, Cast
from tests.channels.email.desk import opened
from tests.mail_servers import letter

LONG = "Label changes on the review console do not save for video queue EU-West.\n\nSince 9:10 every change is gone after a reload:\n1. open a video\n2. set “graphic violence”\n3. reload\n\nLog: https://console.example.com/logs/eu-west/2026/very/long/path/that/does/not/break/anywhere/because/it/has/no/spaces?id=0123456789abcdef0123456789abcdef"


def fill(cast: Cast) -> dict[str, Ticket]:
    """Play the afternoon, and name its tickets."""
    cast.at = clock.now() - timedelta(hours=3)
    create_default_policy(time_zone="UTC", by=SETUP, at=cast.at)
    console = create_category(values={"name": "Review console"}, by=SETUP, at=cast.at)
    create_category(values={"name": "Labels", "parent": console}, by=SETUP, at=cast.at)
    create_category(values={"name": "Access and sign-in"}, by=SETUP, at=cast.at)
    mara = ensure_requester(
        name="Mara Nikolaidou-Featherstonehaugh", email="mara@console.example", market="GR", by=SETUP, at=cast.at
    )
    tomo = ensure_requester(name="村上 智子", email="tomo@console.example", market="JP", language="ja", by=SETUP, at=cast.at)
    ada, ben, lin = (cast.actor(one) for one in (cast.ada, cast.ben, cast.lin))

    labels = cast.ticket(
        LONG,
        subject="Labels do not save in EU-West",
        files=[store_file(bytes_upload("console.log", b"E1 label write refused\n" * 40))],
    )
    rtl = cast.ticket("لا يمكنني فتح قائمة المراجعة منذ هذا الصباح. رقم المعرف: EU-1042", requester=cast.oto)
    cjk = cast.ticket("審査キューが今朝から空のままです。再読み込みしても変わりません。", requester=tomo, priority=2)
    access = cast.ticket("Please add me to the appeals queue", requester=mara, origin=Origin(channel="chat"))
    hidden = cast.ticket("A report for the restricted queue", requester=mara, queue=cast.restricted)
    urgent = cast.ticket("Every reviewer in LATAM is signed out every two minutes", requester=mara, priority=1)
    solved = cast.ticket("Hotkeys are missing in the new player")
    over = cast.ticket("Where do I find the strike policy for live streams?")
    held = cast.ticket("The export of decisions stops at 10,000 rows", requester=tomo)
    for number in range(12):
        cast.ticket(
            f"Sampling for policy round {number + 1}: which items count as borderline, and who decides?",
            requester=(mara, tomo, cast.oto)[number % 3],
        )

    cast.later(minutes=20)
    assign_ticket(ticket_id=urgent.pk, to=cast.ben, by=lin, at=cast.at)
    change_ticket(ticket_id=labels.pk, changes={"category": (None, console.pk), "priority": (3, 2)}, by=ada, at=cast.at)
    add_tag(ticket_id=labels.pk, name="eu-west", by=ada, at=cast.at)
    reply(
        ticket_id=labels.pk,
        body="Thank you, Ravi. Which browser do you use, and does it happen in a private window too?",
        then=State.PENDING,
        by=ada,
        at=cast.later(minutes=4),
    )
    add_note(
        ticket_id=labels.pk,
        body="The label service refuses writes since the deploy at 9:05. Ben, did you see the same in APAC?",
        by=ada,
        at=cast.later(minutes=2),
    )
    receive_message(
        ticket_id=labels.pk, body="Firefox 131. And yes, there too.", by=cast.actor(cast.ravi), at=cast.later(minutes=11)
    )
    add_note(ticket_id=labels.pk, body="Yes: #3 is the same thing.", by=ben, at=cast.later(minutes=3))
    link_tickets(ticket_id=labels.pk, other_id=rtl.pk, kind=Link.Kind.RELATED, by=ben, at=cast.at)
    add_follow_up(
        ticket_id=labels.pk,
        owner=cast.ada,
        what="Ask engineering whether the deploy was rolled back",
        due_at=clock.now() + timedelta(minutes=50),
        by=ada,
        at=cast.at,
    )
    add_follow_up(
        ticket_id=urgent.pk,
        owner=cast.ada,
        what="Tell Mara when the session store is back",
        due_at=clock.now() + timedelta(days=1),
        by=ben,
        at=cast.at,
    )
    reply(
        ticket_id=access.pk,
        body="Hello Mara, which market is it for, and who is your lead?",
        then=State.PENDING,
        by=ada,
        at=cast.later(minutes=4),
    )
    reply(
        ticket_id=held.pk,
        body="We know this limit; the vendor is raising it.",
        then=State.ON_HOLD,
        reason="vendor",
        by=ada,
        at=cast.later(minutes=4),
    )
    reply(
        ticket_id=solved.pk,
        body="They had been switched off for your role; please reload.",
        then=State.SOLVED,
        by=ada,
        at=cast.later(minutes=4),
    )
    reply(
        ticket_id=over.pk,
        body="It moved: https://wiki.example.com/policies/live#strikes",
        then=State.SOLVED,
        by=ada,
        at=cast.later(minutes=4),
    )
    for kind, answer in (("confirmation", "yes"), ("rating", "5")):
        question = Question.objects.get(ticket=over, kind=kind)
        answer_question(question_id=question.pk, answer=answer, by=cast.actor(cast.ravi), at=cast.later(minutes=3))
    cast.at = clock.now()
    _plan(cast)
    _write_rules(cast)
    notify(
        user_ids=[cast.ada.pk],
        kind="clock_warned",
        ticket_id=urgent.pk,
        queue_id=urgent.queue_id,
        data={"clock": "resolution"},
        by=SETUP,
        at=cast.at,
    )
    tickets = {
        "labels": labels,
        "rtl": rtl,
        "cjk": cjk,
        "access": access,
        "hidden": hidden,
        "urgent": urgent,
        "solved": solved,
        "over": over,
        "held": held,
        "letter": _write_letter(cast),
    }
    return tickets | hang_on(cast, tickets)


def _write_letter(cast: Cast) -> Ticket:
    """A ticket by e-mail, of somebody who is not who they say, with pictures from elsewhere."""
    channel = create_channel(
        kind="email",
        name="Help",
        settings={"address": "help@desk.example", "authserv_id": "mx.desk.example"},
        secrets={},
        by=cast.actor(cast.ana),
        at=cast.at,
    )
    html = '<h1>审核队列</h1><p style="color:#c00">The queue is <b>empty</b>.</p><img src="https://people.example/logo.png" alt="Logo">'
    came = letter(
        "The queue is empty.",
        sender="Mara <mara@elsewhere.example>",
        subject="The queue is empty",
        html=html + "<table><tr><td>a very wide cell</td></tr></table>" * 5,
        Authentication_Results="mx.desk.example; dmarc=fail",
    )
    return opened(channel, came, at=cast.at)


def _plan(cast: Cast) -> None:
    invite_user(email="new.colleague@desk.example", roles=["agent"], name="Noa", by=SETUP, at=cast.at)
    for day in range(2, 6):
        for user, kind, begins, hours in (
            (cast.ben, ShiftKind.DUTY, 6, 8),
            (cast.lin, ShiftKind.DUTY, 14, 8),
            (cast.eno, ShiftKind.ON_CALL, 22, 10),
        ):
            start = cast.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day, hours=begins)
            add_shift(
                user=user, starts_at=start, ends_at=start + timedelta(hours=hours), time_zone="UTC", kind=kind, by=SETUP, at=cast.at
            )


def _write_rules(cast: Cast) -> None:
    create_field(values={"name": "Root cause", "kind": "one_of"}, options=["A flag", "A crash"], by=SETUP, at=cast.at)
    by = cast.actor(cast.lin)
    asked = read_filter("is:working priority:urgent").query
    create_view(about=About("Urgent", scope="all"), query=asked, layout=Layout("due"), by=by, at=cast.at)
    create_saved_reply(
        about=About("Reload first", scope="all"), texts={"": "Hello {{requester.name}}, please reload the page."}, by=by, at=cast.at
    )
    create_webhook(values={"name": "Tracker", "address": "https://hooks.example/steward"}, by=cast.actor(cast.ana), at=cast.at)
    create_widget_site(values={"name": "Moderation console", "origins": ["https://console.example"]}, by=SETUP, at=cast.at)
    _connect_chat(cast)
    urgent = Call("priority", {"priority": "1"})
    create_macro(about=About("Urgent at once", scope="all"), calls=[urgent], by=by, at=cast.at)
    rule = Content(whens=[When("opened", {})], calls=[urgent])
    create_automation(name="Everything is urgent", content=rule, by=by, at=cast.at)


def _connect_chat(cast: Cast) -> None:
    """A channel on which something is stuck both ways."""
    channel = create_channel(
        kind="matrix",
        name="Console chat",
        settings={"homeserver_url": "http://127.0.0.1:9", "server_name": "chat.example"},
        secrets={"as_token": "the desk's token", "hs_token": "the server's token"},
        by=cast.actor(cast.ana),
        at=cast.at,
    )
    ChannelHealth.objects.create(
        channel=channel, heard_at=cast.at, failing_since=cast.at, failures=3, problem="ConnectError: Connection refused"
    )
    InboundEnvelope.objects.create(
        channel=channel, vendor_event_id="$event:chat.example", raw={}, received_at=cast.at, problem="This is no event of a room."
    )
    ChannelPerson.objects.create(channel=channel, vendor_id="@ada:chat.example", name="Ada", user=cast.ada, created_at=cast.at)
    ChannelPerson.objects.create(channel=channel, vendor_id="@mara:chat.example", name="Mara", created_at=cast.at)
    Outgoing.objects.create(
        channel=channel,
        key="told",
        kind="text",
        chat_id="!room:chat.example",
        state=Outgoing.State.FAILED,
        problem="403 M_FORBIDDEN: the desk is not in this room",
        created_at=cast.at,
        due_at=cast.at,
    )
