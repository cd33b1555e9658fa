"""R1 and R2: kill -9 at twenty seeded instants each, of worker and command, import and month-end.

The seed is `FAULT_SEED` (printed with every instant); the same seed kills at the same instants.
Source: safety.md R1, R2; the fault matrix.
"""

import pytest

from tests.faults.ground import Ground, kill_command, kill_worker, prepare

pytestmark = pytest.mark.faults
INSTANTS = range(20)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    ground = Ground(tmp_path_factory.mktemp("kills"))
    yield ground
    ground.close()


@pytest.fixture(scope="module")
def known(ground):
    return prepare(ground)


@pytest.mark.parametrize("number", INSTANTS)
@pytest.mark.parametrize("kind", ["import", "month_end"])
def test_a_killed_command_given_again_ends_as_if_undisturbed(ground, known, kind, number):
    kill_command(ground, known, kind, number)


@pytest.mark.parametrize("number", INSTANTS)
@pytest.mark.parametrize("kind", ["import", "month_end"])
def test_a_killed_workers_jobs_are_finished_in_time_as_if_undisturbed(ground, known, kind, number):
    kill_worker(ground, known, kind, number)
