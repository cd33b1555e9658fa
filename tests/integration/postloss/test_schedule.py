"""What happens by itself: the inbox, the month and the quarter that ended."""

import datetime as dt
import os

import pytest

from core.models import Job
from partners.enums import FileKind, FileState
from partners.models import LenderFile
from partners.services import admit_lender
from postloss.services.schedule import close_last_month, collect_inbox
from postloss.tasks import close_month_that_ended, collect_lender_inbox

pytestmark = pytest.mark.django_db
HEADER = (
    "loan_no,obligor_id,obligor_name,principal,rate,term,disbursed_on,maturity,product,channel,"
    "branch\n"
)


@pytest.fixture
def inbox(tmp_path, settings):
    settings.LENDER_INBOX = tmp_path
    return tmp_path


def drop(folder, name: str, text: str, *, age: int, at: dt.datetime):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at.timestamp() - age, at.timestamp() - age))
    return path


def delivered(lender, month: dt.date, at) -> LenderFile:
    import io

    from core.files import store

    stored = store(stream=io.BytesIO(b"x"), name="f", by=None, at=at)
    return LenderFile.objects.create(
        lender=lender, kind=FileKind.REPAYMENTS, name="f", month=month, stored=stored,
        state=FileState.COMPLETE, received_at=at, recorded_at=at,
    )  # fmt: skip


def test_a_file_dropped_for_a_lender_is_taken_in_and_loaded_by_a_job(inbox, at):
    admit_lender(code="L1", name="甲银行")
    path = drop(inbox / "L1", "loans.csv", HEADER, age=60, at=at)
    [file] = collect_inbox(at=at)
    assert Job.objects.get(kind="load_lender_file").payload == {"file_id": file.pk}
    assert not path.exists()
    assert [entry.name for entry in (inbox / "L1" / "taken").iterdir()] == [
        f"{at:%Y%m%dT%H%M%S}-loans.csv"
    ]


def test_a_file_still_being_written_waits_and_a_strange_name_is_refused_with_its_sentence(
    inbox, at
):
    admit_lender(code="L1", name="甲银行")
    fresh = drop(inbox / "L1", "loans.csv", HEADER, age=5, at=at)
    drop(inbox / "L1", "balances.csv", HEADER, age=60, at=at)
    assert collect_inbox(at=at) == []
    assert fresh.exists()
    names = sorted(entry.suffix for entry in (inbox / "L1" / "refused").iterdir())
    assert names == [".csv", ".txt"]


def test_a_folder_that_no_lender_owns_is_left_alone(inbox, at):
    path = drop(inbox / "NOBODY", "loans.csv", HEADER, age=60, at=at)
    assert collect_inbox(at=at) == []
    assert path.exists()


def test_the_month_that_ended_is_closed_once_every_lender_has_delivered(at):
    one, two = (admit_lender(code=code, name=code) for code in ("L1", "L2"))
    today = dt.date(2026, 3, 2)
    for lender in (one, two):
        delivered(lender, dt.date(2026, 1, 1), at)
    delivered(one, dt.date(2026, 2, 1), at)
    assert close_last_month(today=today, at=at) is None
    delivered(two, dt.date(2026, 2, 1), at)
    assert close_last_month(today=today, at=at).payload == {"month": "2026-02", "reason": ""}


def test_scheduled_tasks_do_nothing_in_an_empty_home(inbox):
    collect_lender_inbox()
    close_month_that_ended()
    assert Job.objects.count() == 0
