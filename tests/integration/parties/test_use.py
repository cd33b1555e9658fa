"""CRM-53, A20: each day's use judged, reviewed and concluded by another person."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import clock
from parties.enums import UseKind
from parties.errors import NotPermitted, WrongState
from parties.models import BehaviourAlert, PersonalDataUse
from parties.services import conclude_alert, look_for_unusual_use
from parties.tasks import watch_use

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def used(staff, amount, *, before=0, day=DAY):
    start = timezone.make_aware(dt.datetime.combine(day - dt.timedelta(days=before), dt.time()))
    PersonalDataUse.objects.create(
        staff=staff, kind=UseKind.REVEAL, window="day", starts_at=start, used=amount
    )


def looked():
    return look_for_unusual_use(day=DAY, at=clock.now())


def test_much_more_than_before_and_than_the_peers_raises_one_alert(branch_wang, stranger_gu):
    for before in range(1, 6):
        used(branch_wang, 2, before=before)
        used(stranger_gu, 3, before=before)
    used(branch_wang, 12)
    used(stranger_gu, 3)
    (alert,) = looked()
    assert (alert.staff, alert.observed, alert.own_usual, alert.peers_usual) == (
        branch_wang, 12, 2, 3,
    )  # fmt: skip
    assert looked() == []
    assert BehaviourAlert.objects.count() == 1


def test_a_busy_day_of_everybody_raises_nothing(branch_wang, stranger_gu):
    for person in (branch_wang, stranger_gu):
        used(person, 2, before=1)
    used(branch_wang, 8)
    used(stranger_gu, 9)
    used(stranger_gu, 9, before=2)
    assert looked() == []


def test_days_beyond_the_history_do_not_count(branch_wang):
    used(branch_wang, 100, before=40)
    used(branch_wang, 6)
    assert [alert.own_usual for alert in looked()] == [None]


def test_the_beat_judges_yesterday(branch_wang):
    used(branch_wang, 9, day=clock.today(), before=1)
    watch_use()
    assert BehaviourAlert.objects.get().staff == branch_wang


@pytest.fixture
def alert(branch_wang) -> BehaviourAlert:
    used(branch_wang, 9)
    return looked()[0]


def test_a_compliance_person_reviews_and_concludes_at_the_screen(client, alert, officer_qian):
    client.force_login(officer_qian)
    assert "王京" in client.get(reverse("parties:use")).text
    address = reverse("parties:alert", args=[alert.pk])
    words = {"conclusion": "justified", "remark": "季末集中核查"}
    assert client.post(f"{address}conclusion/", words | {"remark": ""}).status_code == 422
    assert client.post(f"{address}conclusion/", words).status_code == 302
    alert.refresh_from_db()
    assert (alert.conclusion, alert.concluded_by) == ("justified", officer_qian)
    assert client.post(f"{address}conclusion/", words).status_code == 409


def test_nobody_concludes_an_alert_about_themselves(client, alert, branch_wang, officer_qian):
    words = {"conclusion": "justified", "remark": "x", "at": clock.now()}
    branch_wang.roles.add(*officer_qian.roles.all())
    with pytest.raises(NotPermitted):
        conclude_alert(alert=alert, by=branch_wang, **words)
    client.force_login(branch_wang)
    assert client.get(reverse("parties:alert", args=[alert.pk])).status_code == 404
    with pytest.raises(IntegrityError, match="concluded_by_another"), transaction.atomic():
        BehaviourAlert.objects.update(
            concluded_by=branch_wang, concluded_at=clock.now(), conclusion="justified", remark="x"
        )
    conclude_alert(alert=alert, by=officer_qian, **words)
    with pytest.raises(WrongState):
        conclude_alert(alert=alert, by=officer_qian, **words)


def test_who_neither_watches_nor_reveals_sees_nothing(client, alert, chief_chen, branch_wang):
    client.force_login(chief_chen)
    assert client.get(reverse("parties:use")).status_code == 403
    assert client.get(reverse("parties:alert", args=[alert.pk])).status_code == 404
    client.force_login(branch_wang)  # sees the own reveals, no alerts
    page = client.get(reverse("parties:use"))
    assert (page.status_code, len(page.context["alerts"].object_list)) == (200, 0)
