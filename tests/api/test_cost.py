"""What a request costs the database: the same at one row and at many."""

from steward.desk.actions.field_settings import create_field
from steward.people.actions import add_member, create_team
from steward.sla.actions import create_default_policy
from tests.cast import SETUP, user

GET_TICKET, OPEN_TICKET, LIST = 12, 40, 25


def queries(django_assert_max_num_queries, most, do):
    with django_assert_max_num_queries(most) as counted:
        response = do()
    assert response.status_code in {200, 201}, response.content
    return len(counted)


def test_reading_a_ticket_costs_the_same_however_much_is_on_it(cast, program, django_assert_max_num_queries):
    ada, ticket = program(cast.ada), cast.ticket()
    ada.get(f"/tickets/{ticket.pk}")
    few = queries(django_assert_max_num_queries, GET_TICKET, lambda: ada.get(f"/tickets/{ticket.pk}"))
    for number in range(8):
        ada.post(f"/tickets/{ticket.pk}/tags", {"name": f"tag {number}"})
    assert queries(django_assert_max_num_queries, GET_TICKET, lambda: ada.get(f"/tickets/{ticket.pk}")) == few


def test_opening_a_ticket_costs_no_more_than_so_many(cast, program, django_assert_max_num_queries):
    ada = program(cast.ada)
    body = {"requester_id": cast.ravi.pk, "body": "It is empty."}
    ada.post("/tickets", body)
    queries(django_assert_max_num_queries, OPEN_TICKET, lambda: ada.post("/tickets", body))


def one_more(cast, omni, number, ticket):
    cast.ticket(f"more {number}")
    omni.post(f"/tickets/{ticket.pk}/notes", {"body": f"note {number}"})
    team = create_team(name=f"Team {number}", by=SETUP, at=cast.at)
    for name in ("Uma", "Ulf"):
        add_member(team_id=team.pk, user_id=user(f"{name}{number}", "agent").pk, by=SETUP, at=cast.at)
    create_field(values={"name": f"Field {number}", "kind": "one_of"}, options=["A", "B"], by=SETUP, at=cast.at)
    calls = [{"verb": "note", "args": {"body": "x"}}]
    made = [
        omni.post("/macros", {"name": f"Macro {number}", "calls": calls}),
        omni.post("/saved-replies", {"name": f"Reply {number}", "texts": {"": "Hello"}}),
        omni.post("/categories", {"name": f"Category {number}"}),
        omni.post("/automations", {"name": f"Rule {number}", "whens": [{"when": "opened"}], "calls": calls}),
        omni.post(
            "/calendars",
            {"name": f"Hours {number}", "time_zone": "UTC", "slots": [{"weekday": 0, "start": "09:00", "end": "17:00"}]},
        ),
    ]
    assert {one.status_code for one in made} <= {201, 422}, [one.content for one in made]
    create_default_policy(by=SETUP, at=cast.at)


LISTS = (
    "/tickets?limit=50",
    "/tickets/{}/messages",
    "/users",
    "/teams",
    "/queues",
    "/categories",
    "/fields",
    "/requesters",
    "/macros",
    "/saved-replies",
    "/automations",
    "/calendars",
    "/policies",
)


def test_each_list_costs_the_same_at_one_row_and_at_many(cast, program, django_assert_max_num_queries):
    omni, ticket = program(user("Omni", "agent", "lead", "admin", team=cast.team), rate=60_000), cast.ticket()
    one_more(cast, omni, 0, ticket)
    paths = [path.format(ticket.pk) for path in LISTS]
    for path in paths:
        omni.get(path)
    few = {path: queries(django_assert_max_num_queries, LIST, lambda path=path: omni.get(path)) for path in paths}
    rows = {path: len(omni.get(path).json()["items"]) for path in paths}
    for number in range(1, 3):
        one_more(cast, omni, number, ticket)
    assert {path: queries(django_assert_max_num_queries, LIST, lambda path=path: omni.get(path)) for path in paths} == few
    grown = {path for path in paths if len(omni.get(path).json()["items"]) > rows[path]}
    assert set(paths) - grown <= {"/queues", "/requesters", "/policies"}
