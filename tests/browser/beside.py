"""What hangs on the tickets of the afternoon: covered pictures, a merge, others asked beside, bulk runs, a handover, a list of parts."""

from datetime import timedelta

from steward.core import clock
from steward.desk.actions.asides import answer_aside, guest, start_aside
from steward.desk.actions.bulk import gather, start_bulk
from steward.desk.actions.bulk_running import work_off
from steward.desk.actions.caring import flag_ticket
from steward.desk.actions.erasing import erase_content
from steward.desk.actions.filing import bytes_upload, store_file
from steward.desk.actions.handing_over import Leaving, hand_over
from steward.desk.actions.intake import receive_message
from steward.desk.actions.linking import link_tickets
from steward.desk.actions.merging import merge_tickets
from steward.desk.actions.redacting import keep_redacted
from steward.desk.actions.snoozing import snooze_ticket
from steward.desk.actions.verbs.registry import Call
from steward.desk.actions.viewing import cover_again, view_files
from steward.desk.actions.watching import watch_ticket
from steward.desk.models import Attachment, Conversation, HandedTicket, Link, Snooze, Ticket
from steward.people.models import Erasure
from tests.cast import Cast
from tests.pictures import photo, png


def hang_on(cast: Cast, tickets: dict[str, Ticket]) -> dict[str, Ticket]:
    """Hang all of it on the tickets; give those that were opened for it."""
    ada, ben, lin = (cast.actor(one) for one in (cast.ada, cast.ben, cast.lin))
    labels, access, held = tickets["labels"], tickets["access"], tickets["held"]
    pictures = [store_file(bytes_upload("shot.png", png(640, 400))), store_file(bytes_upload("frame.jpg", photo(width=320)))]
    covered = cast.ticket("Careful, the frame of the video is attached twice.", files=pictures)
    flag_ticket(ticket_id=covered.pk, harm="violence", by=ada, at=cast.at)
    shot, frame = Attachment.objects.filter(message__ticket=covered).order_by("id")
    keep_redacted(attachment_id=shot.pk, upload=bytes_upload("shot-redacted.png", png(640, 400, (0, 0, 0))), by=ada, at=cast.at)
    views = view_files(attachment_ids=[frame.pk], by=ada, at=cast.at)
    cover_again(view_ids=[view.pk for view in views], by=ada, at=cast.at + timedelta(seconds=12))
    said = receive_message(ticket_id=covered.pk, body="My password is here.", by=cast.actor(cast.ravi), at=cast.at)
    erase_content(message_id=said.pk, words=True, attachment_ids=[], reason=Erasure.Reason.MISTAKE, by=lin, at=cast.at)

    again = cast.ticket("Me again, from my phone: the queue, please.", requester=access.requester)
    merge_tickets(source_ids=[again.pk], target_id=access.pk, by=ada, at=cast.at)
    link_tickets(ticket_id=held.pk, other_id=labels.pk, kind=Link.Kind.CHILD, by=ada, at=cast.at)
    watch_ticket(ticket_id=labels.pk, by=lin, at=cast.at)
    asked = start_aside(ticket_id=labels.pk, topic="Deploy at 9:05", body="Was it yours?", party="Acme", by=ada, at=cast.at)
    answer_aside(conversation_id=asked.pk, body="It was, and it is rolled back.", by=guest(asked), at=cast.at)
    start_aside(ticket_id=labels.pk, topic="Same in APAC?", body="Do you see it too?", team=cast.team, by=ben, at=cast.at)

    ids = Ticket.objects.filter(subject__startswith="Sampling").order_by("id").values_list("id", flat=True)
    done = gather(ticket_ids=[*ids[:3], labels.pk], by=ada, at=cast.at)
    start_bulk(bulk_id=done.pk, calls=[Call("add_tag", {"tag": "round"})], by=ada, at=cast.at)
    work_off(bulk_id=done.pk, now=clock.now)
    gather(ticket_ids=list(ids[3:6]), by=ada, at=cast.at)
    snooze_ticket(ticket_id=held.pk, until=Snooze.Until.REPLY, until_at=None, by=ada, at=cast.at)
    leaving = [
        Leaving(ticket_id=ticket.pk, choice=HandedTicket.Choice.PASSED, note="Waits for the store.", to_user_id=cast.ada.pk)
        for ticket in Ticket.objects.filter(assignee=cast.ben).exclude(state__in=["solved", "closed"])
    ]
    hand_over(user_id=cast.ben.pk, leaving=leaving, note="Quiet.", ends_shift=False, by=ben, at=cast.at)
    return {"covered": covered, "merged": again}


def aside(*, with_team: bool) -> Conversation:
    """Find the side conversation with the team, or with the guest."""
    return Conversation.objects.filter(kind=Conversation.Kind.SIDE).exclude(team__isnull=with_team).latest("id")
