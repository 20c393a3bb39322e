"""A watched folder: complete files only, moved only after the commit, whoever is killed when."""

import asyncio
import os

import pytest

from wholerecord.errors import Unavailable
from wholerecord.intake.folder import BadFolder, Folder, Seen, ready, watch
from wholerecord.record import Source
from wholerecord.storage import memory

MESSAGE = b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|%d|P|2.5\rPID|1||%d\r"


@pytest.fixture
async def store():
    store = memory.Store()
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))
    return store


class Watched:
    """A folder under watch for the length of a block."""

    def __init__(self, path, keep):
        self.path, self.keep = path, keep
        self.seen = Seen()

    async def __aenter__(self):
        folder = ready(Folder(path=self.path, source="pas", every=0.01))
        self.task = asyncio.create_task(watch(folder, self.keep, self.seen))
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.wait({self.task})

    async def until(self, **what):
        async with asyncio.timeout(5):
            while any(getattr(self.seen, name) < n for name, n in what.items()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def files(self, *below):
        return sorted(p.name for p in self.path.joinpath(*below).iterdir() if p.is_file())


async def test_a_file_is_kept_and_moved(store, tmp_path):
    async with Watched(tmp_path, store.keep) as folder:
        (tmp_path / "a.hl7").write_bytes(MESSAGE % (1, 1) + MESSAGE % (2, 2))
        (tmp_path / "b.json").write_bytes(b"{}")
        await folder.until(done=2)
    assert (folder.files(), folder.files("done")) == ([], ["a.hl7", "b.json"])
    assert (folder.seen.messages, (await store.received()).messages) == (3, 3)


async def test_a_file_that_grows_or_is_unfinished_waits(store, tmp_path):
    async with Watched(tmp_path, store.keep) as folder:
        (tmp_path / "a.hl7.part").write_bytes(b"half")
        (tmp_path / ".hidden").write_bytes(b"half")
        with (tmp_path / "slow.hl7").open("wb", buffering=0) as file:
            for n in range(20):
                file.write(MESSAGE % (n, n))
                await asyncio.sleep(0.002)
                assert folder.seen.done == 0
        (tmp_path / "a.hl7.part").write_bytes(b"whole")
        (tmp_path / "a.hl7.part").rename(tmp_path / "a.txt")
        await folder.until(done=2)
        await asyncio.sleep(0.05)
    assert folder.files() == [".hidden"]
    assert (await store.received()).messages == 21


async def test_folders_and_links_are_not_taken(store, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    path = tmp_path / "in"
    (path / "below").mkdir(parents=True)
    (path / "link").symlink_to(outside)
    os.mkfifo(path / "pipe")
    async with Watched(path, store.keep) as folder:
        await asyncio.sleep(0.1)
    assert folder.seen.done == 0
    assert (await store.received()).messages == 0


async def test_what_cannot_be_cut_fails_with_its_reason_and_the_next_is_taken(
    store, tmp_path, monkeypatch
):
    from wholerecord.intake import cut

    monkeypatch.setattr(cut, "_WHOLE", 1000)
    async with Watched(tmp_path, store.keep) as folder:
        (tmp_path / "a.bin").write_bytes(b"\xff" * 2000)
        (tmp_path / "b.bin").write_bytes(b"\xff" * 200)
        await folder.until(done=1, failed=1)
    assert folder.files("failed") == ["a.bin", "a.bin.why.txt"]
    assert "larger" in (tmp_path / "failed/a.bin.why.txt").read_text()


async def test_names_that_come_again_replace_nothing(store, tmp_path):
    async with Watched(tmp_path, store.keep) as folder:
        for n in (1, 2, 3):
            (tmp_path / "a.hl7").write_bytes(MESSAGE % (n, n))
            await folder.until(done=n)
    assert folder.files("done") == ["a.1.hl7", "a.2.hl7", "a.hl7"]


async def test_while_nothing_can_be_kept_the_file_stays(store, tmp_path):
    closed = True

    async def keep(arrival):
        if closed:
            raise Unavailable
        return await store.keep(arrival)

    async with Watched(tmp_path, keep) as folder:
        (tmp_path / "a.hl7").write_bytes(MESSAGE % (1, 1))
        await asyncio.sleep(0.1)
        assert folder.files() == ["a.hl7"]
        closed = False
        await folder.until(done=1)
    assert folder.files("failed") == []


async def test_killed_between_the_commit_and_the_move_it_has_one_effect(store, tmp_path):
    """The same: killed after the move is written and before it is on the disk."""
    receipts = []

    async def keep(arrival):
        receipts.append(await store.keep(arrival))
        if len(receipts) == 1:
            raise asyncio.CancelledError  # the program ends here
        return receipts[-1]

    (tmp_path / "a.hl7").write_bytes(MESSAGE % (1, 1))
    async with Watched(tmp_path, keep) as folder:
        await asyncio.wait({folder.task}, timeout=5)
    assert folder.files() == ["a.hl7"]
    async with Watched(tmp_path, keep) as folder:
        await folder.until(done=1)
    first, again = receipts
    assert (first.message, first.received) == (again.message, again.received)
    assert (await store.received()).messages == 1


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadFolder):
        ready(Folder(path=tmp_path / "none", source="pas"))
