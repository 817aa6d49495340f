"""Filters live in the address: pasted to a colleague it shows the same filter, with the colleague's own sight."""

import re

from steward.desk.models import SavedView
from tests.web.ticket.acting import as_, text_of


def listed(page):
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)"', page)]


def chips(page):
    return re.findall(r'<a class="chip" data-tone="info" href="[^"]*"><bdi>([^<]*)</bdi>', page)


def test_a_colleague_sees_the_same_filter_with_their_own_sight(cast):
    plain, hidden = cast.ticket("alpha", priority=1), cast.ticket("alpha", priority=1, queue=cast.restricted)
    address = "/tickets/?view=open&q=alpha+priority%3Aurgent+&order=newest"
    assert listed(text_of(as_(cast.lin).get(address))) == [hidden.pk, plain.pk]
    page = text_of(as_(cast.ada).get(address))
    assert listed(page) == [plain.pk]
    assert chips(page) == ["alpha", "priority:urgent"]


def test_the_address_of_a_private_view_shows_a_colleague_its_filter(cast):
    urgent, _calm = cast.ticket(priority=1), cast.ticket(priority=4)
    browser = as_(cast.ada)
    browser.post("/tickets/views/new/?view=open&q=priority:urgent", {"name": "Burning"})
    page = text_of(browser.get(f"/tickets/?view=v{SavedView.objects.get().pk}"))
    address = re.search(r'href="(/tickets/\?view=v\d+[^"]*)"', page).group(1).replace("&amp;", "&")
    assert listed(text_of(browser.get(address))) == [urgent.pk]
    assert chips(text_of(browser.get(address))) == []
    theirs = text_of(as_(cast.ben).get(address))
    assert listed(theirs) == [urgent.pk]
    assert "Burning" not in theirs
    assert "its filter is shown instead" in theirs
    assert chips(theirs) == ["is:working", "-is:snoozed", "priority:urgent"]


def test_each_part_can_be_taken_off_and_the_rest_stays(cast):
    cast.ticket(priority=1)
    page = text_of(as_(cast.ada).get("/tickets/?view=open&q=priority:urgent+is:unassigned&order=newest"))
    for without in re.findall(r'<a class="chip" data-tone="info" href="([^"]*)"', page):
        left = chips(text_of(as_(cast.ada).get(without.replace("&amp;", "&"))))
        assert left in (["is:unassigned"], ["priority:urgent"])
        assert "order=newest" in without


def test_the_form_adds_to_the_filter_that_is_there(cast):
    page = text_of(as_(cast.ada).get("/tickets/?view=open&q=is:unassigned&priority=2&category_id=&assignee=&waiting="))
    assert chips(page) == ["is:unassigned", "priority:high"]
    assert 'value="is:unassigned priority:high"' in page


def test_a_row_by_its_number_is_shown_by_its_name(cast):
    page = text_of(as_(cast.ada).get(f"/tickets/?view=all&requester_id={cast.ravi.pk}"))
    assert chips(page) == ["from:Ravi"]
    assert chips(text_of(as_(cast.ada).get(f"/tickets/?view=all&q=in:%23{cast.restricted.pk}"))) == [f"in:#{cast.restricted.pk}"]


def test_paging_and_opening_a_ticket_keep_the_filter(cast):
    for _number in range(51):
        cast.ticket(priority=1)
    page = text_of(as_(cast.ada).get("/tickets/?view=open&q=priority:urgent"))
    older = re.search(r'href="(/tickets/\?[^"]*page=[^"]+)"', page).group(1)
    assert "q=priority%3Aurgent" in older
    row = re.search(r'href="(/tickets/\d+/\?[^"]*)" data-list-link', page).group(1)
    assert "q=priority%3Aurgent" in row
    assert len(listed(text_of(as_(cast.ada).get(older.replace("&amp;", "&"))))) == 1
