"""The embedded server: shared, stopped by the last, and none the worse for being killed."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.conformance.given import keep, prepare, sources
from wholerecord.errors import Unavailable
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Lost

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was used once."""
    folder = tmp_path_factory.mktemp("made")
    with embedded.used(folder):
        pass
    return folder


def copy(made: Path, to: Path) -> None:
    """As `cp`, which keeps the owner of the server's files as `shutil` does not."""
    subprocess.run(["/bin/cp", "-a", f"{made}/.", str(to)], check=True)  # noqa: S603 - ours


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A data folder of one's own; whatever runs there is stopped after the test."""
    copy(made, tmp_path)
    yield tmp_path
    if (tmp_path / "postgresql").exists():
        embedded.stop(tmp_path)


def process(folder: Path) -> int:
    running = embedded.status(folder).process
    assert running is not None
    return running


async def one(url: str) -> object:
    connection = await asyncpg.connect(url)
    answer = await connection.fetchval("SELECT 1")
    await connection.close()
    return answer


async def test_programs_share_a_server_and_the_last_one_stops_it(folder: Path) -> None:
    async with embedded.running(folder) as first:
        async with embedded.running(folder) as second:
            assert first == second
            assert await one(second) == 1
            assert embedded.status(folder).in_use
        assert await one(first) == 1
    assert embedded.status(folder) == embedded.Status(running=False, process=None, in_use=False)


async def test_programs_that_start_at_once_start_one_server(folder: Path) -> None:
    async def program() -> int:
        async with embedded.running(folder) as url:
            assert await one(url) == 1
            return process(folder)

    await asyncio.gather(*(program() for _ in range(5)))
    assert not embedded.status(folder).running


def test_nobody_else_can_read_the_folder_or_the_password(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "postgresql").stat().st_mode) == 0o700


async def test_the_password_is_needed(folder: Path) -> None:
    async with embedded.running(folder) as url:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url, password="guessed")


async def test_what_was_acknowledged_survives_the_killing_of_the_server(folder: Path) -> None:
    async with open_store(f"embedded:{folder}") as store:
        await sources(store, "gp")
        receipts = [await keep(store, "gp", [str(n), "Example", "", 1]) for n in range(20)]
        os.kill(process(folder), signal.SIGKILL)
        async with asyncio.timeout(20):
            while True:
                try:
                    filed = await store.file_waiting(prepare)
                    break
                except Unavailable:
                    continue  # started again by then
        assert [each.message for each in filed] == [each.message for each in receipts]


async def test_callers_go_on_by_themselves_after_the_server_was_killed(folder: Path) -> None:
    async with open_store(f"embedded:{folder}") as store:
        await sources(store, "gp")
        asked = [asyncio.create_task(keep(store, "gp", [str(n)])) for n in range(200)]
        await asyncio.sleep(0)
        os.kill(process(folder), signal.SIGKILL)
        kept = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(each) for each in kept if isinstance(each, BaseException)} <= {Lost}
        again = await asyncio.gather(*(keep(store, "gp", [str(n)]) for n in range(200)))
        assert len({each.message for each in again}) == 200
        assert (await store.received()).messages == 200


_PROGRAM = """
import asyncio, sys
from wholerecord.storage import open_store
async def main():
    async with open_store(sys.argv[1]) as store:
        await store.sources()
        print("here", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def program(folder: Path) -> subprocess.Popen[bytes]:
    started = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", _PROGRAM, f"embedded:{folder}"], stdout=subprocess.PIPE
    )
    assert started.stdout is not None
    assert started.stdout.readline() == b"here\n"
    return started


def kill(killed: subprocess.Popen[bytes]) -> None:
    killed.kill()
    with killed:
        pass


async def test_a_killed_program_leaves_a_server_that_the_next_one_uses_and_stops(
    folder: Path,
) -> None:
    kill(program(folder))
    left = process(folder)
    assert not embedded.status(folder).in_use
    async with embedded.running(folder) as url:
        assert process(folder) == left
        assert await one(url) == 1
    assert not embedded.status(folder).running


async def test_a_program_and_its_server_killed_at_once_leave_nothing_to_mend(
    folder: Path,
) -> None:
    running = program(folder)
    os.kill(process(folder), signal.SIGKILL)
    kill(running)
    async with embedded.running(folder) as url:
        assert await one(url) == 1


async def test_a_program_that_was_killed_while_making_the_folder_is_made_good(
    tmp_path: Path,
) -> None:
    (tmp_path / "making" / "half").mkdir(parents=True)
    async with embedded.running(tmp_path) as url:
        assert await one(url) == 1


def test_starting_again_takes_half_a_second_at_most(folder: Path) -> None:
    began = time.monotonic()
    with embedded.used(folder):
        assert time.monotonic() - began < 0.5


async def test_a_path_too_long_for_a_socket_is_no_hindrance(made: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    copy(made, deep)
    async with embedded.running(deep) as url:
        elsewhere = Path(url.rsplit("=", 1)[1])
        assert await one(url) == 1
        os.kill(process(deep), signal.SIGKILL)
        await asyncio.to_thread(embedded.revive, deep)
        assert await one(url) == 1
    assert not await asyncio.to_thread(elsewhere.exists)


def test_a_folder_of_another_version_is_left_alone(folder: Path) -> None:
    (folder / "postgresql" / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.OtherVersion, match="version 12"), embedded.used(folder):
        pass


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.FolderRefused), embedded.used(tmp_path / "file"):
        pass


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    shutil.rmtree(folder / "postgresql" / "global")
    with pytest.raises(embedded.DidNotStart, match="global"), embedded.used(folder):
        pass


def test_stopping_what_does_not_run_is_no_error(folder: Path, tmp_path: Path) -> None:
    assert not embedded.stop(folder)
    assert not embedded.stop(tmp_path / "nothing")


def test_stopping_stops_a_server_in_use(folder: Path) -> None:
    with embedded.used(folder):
        assert embedded.stop(folder)
        assert not embedded.status(folder).running
