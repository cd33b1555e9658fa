"""CRM-39, A20: one record unmasked, for a reason, under a quota, never in a list."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from core import clock
from core.models import AuditRecord, RegulatoryParameter
from organization.selectors import head_office
from organization.services import appoint_staff
from parties.enums import UseKind, Window
from parties.errors import OverQuota, RuleBroken
from parties.models import BehaviourAlert, Party, PersonalDataUse, Reveal
from parties.services import know_parties, reveal_identity
from parties.services.uses import count_use
from tests.factories.portfolio_book import BEIJING_PERSON, CANARY, CANARY_PERSON

WORDS = {"shown": ["name", "document"], "reason": "核对身份证复印件"}


def address(loan) -> str:
    return reverse("postloss:obligor_reveal", args=[loan.pk])


@pytest.mark.django_db
def test_a_reveal_shows_the_values_once_and_audits_reason_and_fields_but_no_value(
    client, loan_of, branch_wang
):
    client.force_login(branch_wang)
    loan = loan_of("B1")
    form = client.get(address(loan))
    assert BEIJING_PERSON not in form.text
    answer = client.post(address(loan), WORDS)
    assert (answer.status_code, BEIJING_PERSON in answer.text) == (200, True)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Refresh"] == f"60; url=/loans/{loan.pk}/"
    assert reverse("parties:watermark") in answer.text
    record = AuditRecord.objects.get(action="identity_revealed")
    assert (record.by, record.reason) == (branch_wang, WORDS["reason"])
    assert record.detail["fields"] == ["name", "document"]
    assert BEIJING_PERSON not in str(record.detail)
    assert Reveal.objects.get().seen_through == f"loan {loan.pk}"
    assert BEIJING_PERSON not in client.get(reverse("postloss:loan", args=[loan.pk])).text


@pytest.mark.django_db
def test_only_the_chosen_field_shows_and_the_fragment_masks_itself_again(
    client, loan_of, branch_wang
):
    client.force_login(branch_wang)
    words = WORDS | {"shown": ["name"]}
    answer = client.post(address(loan_of("B1")), words, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "张三" in answer.text
    assert BEIJING_PERSON not in answer.text
    assert 'hx-trigger="load delay:60s"' in answer.text


@pytest.mark.django_db
def test_a_stranger_finds_no_loan_and_others_may_not_unmask(
    client, loan_of, branch_wang, chief_chen, officer_qian
):
    client.force_login(branch_wang)
    assert client.post(address(loan_of(f"{CANARY}1")), WORDS).status_code == 404
    for person in (chief_chen, officer_qian):  # sees loans, but may not unmask; sees none
        client.force_login(person)
        answer = client.post(address(loan_of("B1")), WORDS)
        assert (answer.status_code, CANARY_PERSON in answer.text) == (403, False)
    assert not Reveal.objects.exists()


@pytest.mark.django_db
def test_without_a_reason_or_a_field_nothing_is_revealed(client, loan_of, branch_wang):
    client.force_login(branch_wang)
    for words in ({"shown": ["name"]}, {"reason": "x"}, WORDS | {"reason": "   "}):
        answer = client.post(address(loan_of("B1")), words)
        assert (answer.status_code, "张三" in answer.text) == (422, False)
    assert not Reveal.objects.exists()


@pytest.mark.django_db
def test_over_the_quota_it_is_refused_with_a_sentence_and_an_alert_stays(
    client, loan_of, branch_wang, figure
):
    figure("privacy.reveals_per_hour", 1)
    client.force_login(branch_wang)
    assert client.post(address(loan_of("B1")), WORDS).status_code == 200
    answer = client.post(address(loan_of("B1")), WORDS)
    assert (answer.status_code, BEIJING_PERSON in answer.text) == (422, False)
    assert "额度（1）已用完" in answer.text
    alert = BehaviourAlert.objects.get()
    assert (alert.staff, alert.kind, alert.use) == (branch_wang, "over_quota", "reveal")
    assert Reveal.objects.count() == 1


@pytest.mark.django_db
def test_the_hour_and_the_day_begin_in_shanghai(branch_wang, figure):
    figure("privacy.reveals_per_hour", 1)
    figure("privacy.reveals_per_day", 2)
    start = dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)  # midnight of 2 March in Shanghai

    def use(**later: int) -> None:
        at = start + dt.timedelta(**later)
        count_use(staff=branch_wang, kind=UseKind.REVEAL, amount=1, at=at)

    use(minutes=0)
    for minutes in (1, 59):
        with pytest.raises(OverQuota):
            use(minutes=minutes)
    use(hours=1)
    with pytest.raises(OverQuota), transaction.atomic():
        use(hours=2)  # the day is used up
    use(hours=24)
    days = PersonalDataUse.objects.filter(window=Window.DAY).order_by("starts_at")
    assert [row.used for row in days] == [2, 1]


@pytest.mark.django_db
def test_a_restricted_identity_is_shown_to_nobody(client, loan_of, branch_wang, at):
    loan = loan_of("B1")
    Party.objects.filter(pk=loan.obligor_id).update(restricted_at=at)
    client.force_login(branch_wang)
    assert client.post(address(loan), WORDS).status_code == 422
    page = client.get(reverse("postloss:loan", args=[loan.pk])).text
    assert "1101**********002X" not in page


@pytest.mark.django_db
def test_the_database_keeps_reveals_as_they_were(loan_of, branch_wang, at):
    words = {"fields": ["name"], "reason": "x", "seen_through": "loan", "by": branch_wang}
    reveal_identity(party=loan_of("B1").obligor, at=at, **words)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        Reveal.objects.update(reason="another")


def test_A20_twenty_at_once_pass_the_quota_exactly(own_database):
    RegulatoryParameter.objects.filter(name="privacy.reveals_per_hour").update(value=7)
    branch_wang = appoint_staff(
        username="wang", name="王京", unit=head_office(), roles=["branch_manager"], password=None
    )
    ids = know_parties(names_by_document={BEIJING_PERSON: "张三"}, at=clock.now())
    party, at, outcomes = Party.objects.get(pk=ids[BEIJING_PERSON]), clock.now(), []

    def reveal() -> None:
        try:
            reveal_identity(
                party=party, fields=["name"], reason="x", seen_through="loan", by=branch_wang, at=at
            )
            outcomes.append("shown")
        except OverQuota:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=reveal) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 13 + ["shown"] * 7
    assert Reveal.objects.count() == 7
    assert BehaviourAlert.objects.count() == 1


@pytest.mark.django_db
def test_a_reason_is_asked_by_the_service_too(loan_of, branch_wang, at):
    with pytest.raises(RuleBroken, match="理由"):
        reveal_identity(
            party=loan_of("B1").obligor, fields=["name"], reason=" ", seen_through="loan",
            by=branch_wang, at=at,
        )  # fmt: skip
