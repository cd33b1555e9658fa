"""The embedded stack without a server: addresses, refusals, what is ours."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.stack import binaries, daemons, embedded, places, postgres, supervisor, valkey, vendor
from core.stack.errors import StackError


@pytest.fixture
def no_urls(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def test_a_home_keeps_its_sockets_in_its_own_run_folder():
    found = embedded.urls(home="/srv/x")
    assert found.database_url == "postgres://xinbao@%2Fsrv%2Fx%2Frun/xinbao"
    assert found.redis_url == "unix:///srv/x/run/r.sock"


def test_a_long_home_gets_a_short_run_folder_that_is_always_the_same(monkeypatch):
    home = Path("/srv") / ("x" * 120)
    first = places.places_of(home=home)
    monkeypatch.setenv("TMPDIR", "/var/tmp")  # noqa: S108
    assert places.places_of(home=home) == first
    assert first.run.parent == Path("/tmp")  # noqa: S108
    assert len(os.fsencode(first.postgres_socket)) < 107
    assert places.places_of(home=f"{home}y").run != first.run


def test_the_home_is_the_environments_else_var(monkeypatch):
    monkeypatch.setenv("XINBAO_HOME", "/srv/y")
    assert places.places_of().home == Path("/srv/y")
    monkeypatch.delenv("XINBAO_HOME")
    assert places.places_of().home == places.REPOSITORY / "var"


def test_a_service_is_ours_while_its_url_is_unset_or_is_our_own(no_urls, monkeypatch):
    home = "/srv/x"
    assert embedded.wanted_services(home=home) == ("postgresql", "valkey")
    monkeypatch.setenv("DATABASE_URL", embedded.urls(home=home).database_url)
    assert embedded.wanted_services(home=home) == ("postgresql", "valkey")
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/xinbao")
    assert embedded.wanted_services(home=home) == ("valkey",)
    assert [each.state for each in embedded.status(home=home)] == ["external", "stopped"]


def test_production_never_gets_embedded_services(no_urls, monkeypatch, tmp_path):
    monkeypatch.setenv("XINBAO_MODE", "production")
    assert embedded.attach(home=tmp_path / "home") == ()
    assert not (tmp_path / "home").exists()


def test_a_home_that_never_ran_is_stopped_and_stays_unmade(no_urls, tmp_path):
    home = tmp_path / "home"
    assert [each.state for each in embedded.down(home=home)] == ["stopped", "stopped"]
    assert postgres.ask(places=places.places_of(home=home)) is postgres.State.DOWN
    assert valkey.ask(places=places.places_of(home=home)) is postgres.State.DOWN
    assert supervisor.stop_serving(home=home) is False
    assert not home.exists()


def test_a_home_that_is_a_file_is_refused_in_one_sentence(tmp_path):
    taken = tmp_path / "file"
    taken.touch()
    with pytest.raises(StackError) as refused:
        embedded.up(home=taken)
    assert str(refused.value) == f"The services cannot use {taken}: File exists."


def test_missing_programs_are_named_with_the_way_out(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(binaries, "DEBIAN_VERSIONS", Path("/nonexistent"))
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(StackError, match="No PostgreSQL found: run `make setup`"):
        binaries.postgres_folder()
    with pytest.raises(StackError, match="No Valkey or Redis found: run `make setup`"):
        binaries.valkey_server()


def test_a_number_used_again_by_another_program_is_not_our_server():
    assert daemons.is_running(pid=os.getpid(), mark="python")
    assert not daemons.is_running(pid=os.getpid(), mark="/srv/x/postgres")
    assert not daemons.is_running(pid=None, mark="")


def test_the_last_words_are_the_ones_that_tell(tmp_path):
    log = tmp_path / "log"
    log.write_text("LOG:  starting\nFATAL:  no space left\nLOG:  shut down\n")
    assert daemons.last_words(log=log) == "FATAL:  no space left"
    assert daemons.last_words(log=log, offset=log.stat().st_size) == "it said nothing"


def test_a_missing_page_file_is_refused(tmp_path):
    with pytest.raises(StackError, match="run `npm ci --ignore-scripts` again"):
        vendor.copy_files(modules=tmp_path, target=tmp_path / "static")


def test_copied_page_files_name_no_file_that_stays_behind(tmp_path):
    for source in vendor.FILES.values():
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / source).write_text(
            'a{src:url("./f.woff2?v1") format("woff2"),url("./f.woff?") format("woff")}'
            "\n/*# sourceMappingURL=a.css.map */\n"
        )
    vendor.copy_files(modules=tmp_path, target=tmp_path / "static")
    copied = (tmp_path / "static" / "icons" / "tabler-icons.min.css").read_text().strip()
    assert copied == 'a{src:url("./f.woff2?v1") format("woff2")}'


def test_the_stack_needs_no_django():
    code = (
        "import core.stack.embedded, core.stack.supervisor, sys; sys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=places.REPOSITORY, check=False)
    assert done.returncode == 0
