"""A watched folder: complete files only, moved only after the commit, whoever is killed when."""

import asyncio
import os

import pytest

from wholerecord.errors import Unavailable
from wholerecord.intake.folder import BadFolder, Folder, Seen, ready, watch
from wholerecord.record import Source
from wholerecord.storage import memory
from wholerecord.worker import prepare_here, settle

MESSAGE = b"MSH|^~\\&|PAS|RXX|W|W|20260701||ADT^A01|%d|P|2.5\rPID|1||%d\r"


@pytest.fixture
async def store():
    store = memory.Store()
    await store.declare(Source(name="pas", controller="RXX", title="PAS"))
    return store


class Watched:
    """A folder under watch for the length of a block."""

    def __init__(self, path, keep, **more):
        self.path, self.keep, self.more = path, keep, more
        self.seen = Seen()

    async def __aenter__(self):
        folder = ready(Folder(path=self.path, source="pas", every=0.01, **self.more))
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


SIDECAR = b'{"patient": {"nhs_number": "9990000018", "family": "Ashe"}, "type": "Discharge letter"}'
IN_XML = (
    b"<scan><patient><nhs_number>9990000026</nhs_number></patient><type>Clinic letter</type></scan>"
)


async def filed(store):
    await settle(store, prepare_here)
    people = await store.people()
    members = [member for person in people for member in await store.members(person)]
    said = await store.statements({member.patient: member.t for member in members})
    return sorted(str(one.kind) for one in said), [item.reason for item in await store.parked()]


@pytest.mark.parametrize("first", ["letter", "side-car"])
async def test_a_letter_and_its_sidecar_wait_for_each_other(store, tmp_path, first):
    files = [("scan.txt", b"Dear Dr"), ("scan.json", SIDECAR)]
    if first == "side-car":
        files.reverse()
    async with Watched(tmp_path, store.keep, sidecars=True) as folder:
        for name, body in files:
            (tmp_path / name).write_bytes(body)
            await asyncio.sleep(0.1)
        await folder.until(done=1)
    assert (folder.files(), folder.files("done")) == ([], ["scan.json", "scan.txt"])
    assert (await store.received()).messages == 1
    assert await filed(store) == (["DocumentReference", "Patient"], [])


async def test_a_sidecar_may_be_xml(store, tmp_path):
    async with Watched(tmp_path, store.keep, sidecars=True) as folder:
        (tmp_path / "a.txt").write_bytes(b"Dear Dr")
        (tmp_path / "a.txt.xml").write_bytes(IN_XML)
        await folder.until(done=1)
    assert await filed(store) == (["DocumentReference", "Patient"], [])


async def test_a_letter_whose_sidecar_never_comes_is_parked_and_not_forgotten(store, tmp_path):
    async with Watched(tmp_path, store.keep, sidecars=True, patience=0.15) as folder:
        (tmp_path / "scan.txt").write_bytes(b"Dear Dr, they are well")
        await asyncio.sleep(0.08)
        assert folder.files() == ["scan.txt"]
        await folder.until(done=1)
    assert await filed(store) == ([], ["NOT_RECOGNISED"])


async def test_without_being_told_files_of_one_name_are_two_messages(store, tmp_path):
    async with Watched(tmp_path, store.keep) as folder:
        (tmp_path / "scan.txt").write_bytes(b"Dear Dr")
        (tmp_path / "scan.json").write_bytes(SIDECAR)
        await folder.until(done=2)
    assert (await store.received()).messages == 2


async def test_a_pair_too_large_to_be_one_fails_together(store, tmp_path):
    async with Watched(tmp_path, store.keep, sidecars=True) as folder:
        (tmp_path / "a.txt").write_bytes(b"Dear Dr")
        (tmp_path / "a.txt.json").write_bytes(SIDECAR + b" " * 70_000)
        await folder.until(failed=1)
    assert folder.files("failed") == ["a.txt", "a.txt.json", "a.txt.why.txt"]


async def test_killed_between_the_commit_and_the_moves_a_pair_has_one_effect(store, tmp_path):
    kept = 0

    async def keep(arrival):
        nonlocal kept
        receipt = await store.keep(arrival)
        kept += 1
        if kept == 1:
            raise asyncio.CancelledError  # the program ends here
        return receipt

    (tmp_path / "a.txt").write_bytes(b"Dear Dr")
    (tmp_path / "a.json").write_bytes(SIDECAR)
    async with Watched(tmp_path, keep, sidecars=True) as folder:
        await asyncio.wait({folder.task}, timeout=5)
    async with Watched(tmp_path, keep, sidecars=True) as folder:
        await folder.until(done=1)
    assert (await store.received()).messages == 1


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadFolder):
        ready(Folder(path=tmp_path / "none", source="pas"))
