"""The suite itself: what pytest promises here is kept by the versions that are pinned."""

import os

import pytest


@pytest.mark.xdist_group("probe")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process has no groups")
def test_tests_of_one_group_stay_on_one_worker(request):
    """pytest-xdist writes the group behind the test's name, or it silently does not group."""
    assert request.node.nodeid.endswith("@probe")
