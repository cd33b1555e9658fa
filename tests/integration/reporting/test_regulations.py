"""Regulations: seeded, cited by article, looked up again in time."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from core.errors import Conflict, Missing, NotPermitted
from reporting.enums import RegulationStanding
from reporting.models import InternalControl, Regulation
from reporting.selectors.regulations import article, stale_regulations
from reporting.services.regulations import enter_regulation, name_article, note_check

TODAY = dt.date(2026, 3, 2)


@pytest.mark.django_db
def test_a_rule_cites_an_article_by_a_row():
    assert "complaint.simple_days" in article(regulation="complaints-2020-3", article="18").about
    with pytest.raises(Missing):
        article(regulation="complaints-2020-3", article="999")


def test_a_regulation_is_stale_until_somebody_looked_it_up(officer_qian, at):
    every = Regulation.objects.count()
    stale = stale_regulations(staff=officer_qian, as_of=TODAY)
    assert stale.count() == every
    note_check(
        regulation=Regulation.objects.get(code="pipl"),
        standing=RegulationStanding.IN_FORCE,
        looked_at="国家法律法规数据库",
        remark="",
        by=officer_qian,
        at=at,
    )
    assert stale.count() == every - 1
    assert stale_regulations(staff=officer_qian, as_of=dt.date(2026, 9, 2)).count() == every - 1
    assert stale_regulations(staff=officer_qian, as_of=dt.date(2026, 9, 3)).count() == every


def test_a_code_and_an_article_are_entered_once(officer_qian, branch_wang, at):
    words = {
        "code": "new-2026",
        "title": "新规",
        "number": "",
        "issuer": "",
        "issued_on": None,
        "effective_on": None,
        "at": at,
    }
    with pytest.raises(NotPermitted):
        enter_regulation(**words, by=branch_wang)
    entered = enter_regulation(**words, by=officer_qian)
    with pytest.raises(Conflict):
        enter_regulation(**words, by=officer_qian)
    for_article = {"regulation": entered, "article": "5", "about": "x", "at": at}
    name_article(**for_article, by=officer_qian)
    with pytest.raises(Conflict):
        name_article(**for_article, by=officer_qian)


@pytest.mark.django_db
def test_every_control_names_a_test_that_exists():
    """POST-34a."""
    controls = InternalControl.objects.all()
    assert len(controls) >= 12
    for control in controls:
        path, _, name = control.test.partition("::")
        text = Path(settings.BASE_DIR, path).read_text(encoding="utf-8")
        assert f"def {name}(" in text if name else "def test_" in text, control.code
