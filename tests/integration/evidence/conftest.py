"""A warning that went through its loop, and a pack of it."""

import pytest

from core.evidence import builder_of
from core.jobs import run
from desk.services.evidence import ask_for_pack
from postloss.models import RiskWarning
from tests.factories.warning_months import JANUARY, good_months, red_month, through_the_loop


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def warning(hq, manager_lin, chief_chen):
    warning = red_month()
    good_months(after=JANUARY)
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen)
    return RiskWarning.objects.get(pk=warning.pk)


@pytest.fixture
def make(at, django_capture_on_commit_callbacks):
    """Return a function that asks for a pack and does its job; it returns the pack."""

    def made(thing, by):
        builder = builder_of(label=thing._meta.label_lower)
        pack, job = ask_for_pack(builder=builder, subject=thing, reason="法院调取", by=by, at=at)
        with django_capture_on_commit_callbacks(execute=True):
            run(job.pk, reraise=True)
        pack.refresh_from_db()
        return pack

    return made


@pytest.fixture
def pack(make, warning, officer_qian):
    return make(warning, officer_qian)
