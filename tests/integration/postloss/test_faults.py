"""Three of the kills of `make faults`: what is killed midway ends as if undisturbed (R1, R2)."""

import pytest

from tests.faults.ground import Ground, kill_command, kill_worker, prepare


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    ground = Ground(tmp_path_factory.mktemp("faults"))
    yield ground
    ground.close()


@pytest.fixture(scope="module")
def known(ground):
    return prepare(ground)


@pytest.mark.parametrize(
    ("kill", "kind"),
    [(kill_command, "import"), (kill_worker, "import"), (kill_command, "month_end")],
)
def test_what_is_killed_midway_ends_as_if_undisturbed(ground, known, kill, kind):
    kill(ground, known, kind, "in make test")
