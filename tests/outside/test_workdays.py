"""Every day of 2004 to 2022: worked or not, as chinesecalendar 1.11.0 (MIT) says.

The file was made apart from our seed, by asking that package for each single day.
"""

import csv
import datetime as dt
from pathlib import Path

import pytest

from core.selectors import working_calendar

DAYS = Path(__file__).parent / "data" / "workdays" / "cn_workdays_2004_2022.csv"


@pytest.mark.django_db
def test_every_day_of_nineteen_years_is_as_published():
    ours = working_calendar()
    with DAYS.open(encoding="utf-8", newline="") as file:
        theirs = {
            dt.date.fromisoformat(row["date"]): row["is_workday"] == "1"
            for row in csv.DictReader(file)
        }
    assert len(theirs) == (dt.date(2023, 1, 1) - dt.date(2004, 1, 1)).days
    assert {day: ours.is_working_day(day) for day in theirs} == theirs
