"""What tickets weigh and what agents take, over HTTP."""

import pytest
from django.test import Client

from steward.desk.models import AgentSetting, Category, Weight
from steward.desk.queries.load import takes, weights
from tests.cast import Cast


def test_weights_are_set_in_one_form_and_history_is_kept_of_what_changed(cast: Cast, client: Client) -> None:
    client.force_login(cast.ana)
    page = client.get("/settings/load/").content.decode()
    assert 'name="priority_1" value="2"' in page
    assert 'name="state_pending" value="0.25"' in page
    client.post("/settings/load/weights/", {"priority_1": "2,5", "channel_chat": "0.5", "state_pending": "0.25"})
    assert dict(Weight.objects.values_list("key", "percent")) == {"1": 250, "chat": 50, "pending": 25}
    assert weights().of_priority(1) == 250
    assert 'name="priority_1" value="2.5"' in client.get("/settings/load/").content.decode()


@pytest.mark.parametrize("raw", ["", "heavy", "-1", "10.01", "nan", "inf", "1e400"])
def test_what_is_no_weight_is_refused_and_nothing_is_saved(cast: Cast, client: Client, raw: str) -> None:
    client.force_login(cast.ana)
    answer = client.post("/settings/load/weights/", {"priority_1": "3", "priority_2": raw})
    assert answer.status_code == 422
    assert not Weight.objects.exists()


def test_a_lead_sets_what_somebody_takes(cast: Cast, client: Client) -> None:
    client.force_login(cast.lin)
    page = client.get("/settings/load/").content.decode()
    assert "Ada" in page
    assert "Save weights" not in page
    client.post(f"/settings/load/agents/{cast.ada.pk}/", {"capacity": "5", "languages": "EN, zh-Hans  en"})
    assert (takes([cast.ada.pk])[cast.ada.pk].capacity, takes([cast.ada.pk])[cast.ada.pk].languages) == (5, ("en", "zh"))
    client.post(f"/settings/load/agents/{cast.ada.pk}/", {"capacity": "", "languages": ""})
    assert AgentSetting.objects.get().capacity is None
    assert client.post(f"/settings/load/agents/{cast.ada.pk}/", {"capacity": "0"}).status_code == 422


def test_a_category_weighs_as_above_it_unless_it_says_otherwise(cast: Cast, client: Client) -> None:
    category = Category.objects.create(name="Access")
    client.force_login(cast.ana)
    client.post(f"/settings/categories/{category.pk}/about/", {"name": "Access", "weight": "1.5"})
    assert Category.objects.get().weight == 150
    assert "1.5" in client.get("/settings/load/").content.decode()
    client.post(f"/settings/categories/{category.pk}/about/", {"name": "Access", "weight": ""})
    assert Category.objects.get().weight is None
