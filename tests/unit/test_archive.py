"""Inputs found at paths: files, folders, archives."""

import gzip
import io
import os
import tarfile
import zipfile

import pytest

from wholerecord.intake.archive import (
    BrokenInput,
    Input,
    NoSuchInput,
    NotTaken,
    as_it_came,
    inputs,
)


def taken(path):
    """name → bytes, or why not."""
    return {
        each.name: each.stream.read(1 << 20) if isinstance(each, Input) else each.why
        for each in inputs(str(path), io.BytesIO(b"piped"))
    }


def read_all(path):
    for each in inputs(str(path), io.BytesIO()):
        assert isinstance(each, Input)
        while each.stream.read(1 << 20):
            pass


def test_standard_input_is_an_input():
    assert taken("-") == {"standard input": b"piped"}


def test_a_folder_is_walked_in_order_and_nothing_is_skipped(tmp_path):
    for name in ("b.hl7", "a/x.json", ".hidden", "LICENSE", "index.json"):
        at = tmp_path / name
        at.parent.mkdir(exist_ok=True)
        at.write_bytes(name.encode())
    (tmp_path / "turn.lock").touch()
    names = [".hidden", "LICENSE", "a/x.json", "b.hl7", "index.json"]
    assert list(taken(tmp_path).items()) == [(name, name.encode()) for name in names]


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NoSuchInput):
        taken(tmp_path / "none")


def test_archives_are_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("in/b.hl7", "B")
        archive.writestr("a.hl7", "A")
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("in/c.hl7")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"C"))
    (tmp_path / "d.hl7.gz").write_bytes(gzip.compress(b"D"))
    assert taken(tmp_path) == {
        "d.hl7": b"D",
        "t.tar.gz/in/c.hl7": b"C",
        "z.zip/a.hl7": b"A",
        "z.zip/in/b.hl7": b"B",
    }


def test_names_in_an_archive_cannot_lead_out_of_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("../../etc/x\x1b[31m.hl7", "A")
        archive.writestr("/abs/" + "y" * 500, "B")
    for name in taken(tmp_path):
        assert ".." not in name
        assert name.isprintable()
        assert len(name) < 250


def test_a_bomb_is_stopped(tmp_path):
    at = tmp_path / "bomb.gz"
    with gzip.open(at, "wb") as packed:
        for _ in range(80):
            packed.write(bytes(1 << 20))
    with pytest.raises(BrokenInput, match="two hundred"):
        read_all(at)


def test_a_damaged_archive_is_said_and_the_rest_is_taken(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "b.hl7").write_bytes(b"B")
    assert taken(tmp_path) == {"a.zip": "the archive is damaged", "b.hl7": b"B"}


def test_a_file_cut_off_inside_its_packing_is_broken(tmp_path):
    at = tmp_path / "a.gz"
    at.write_bytes(gzip.compress(os.urandom(5000))[:2000])
    with pytest.raises(BrokenInput):
        read_all(at)


def test_what_is_no_file_is_said(tmp_path):
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    assert taken(tmp_path) == {"pipe": "not a file", "up": "a link to a folder"}


def test_the_kinds_of_what_comes_back_are_two(tmp_path):
    (tmp_path / "a").touch()
    assert all(isinstance(each, Input | NotTaken) for each in inputs(str(tmp_path), io.BytesIO()))


def test_a_damaged_archive_can_be_kept_as_it_is(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "b.hl7.gz").write_bytes(gzip.compress(b"B")[:-4])
    (tmp_path / "c.hl7").write_bytes(b"C")
    packed = {each.name: each.packed for each in inputs(str(tmp_path), io.BytesIO())}
    assert packed == {"a.zip": tmp_path / "a.zip", "b.hl7": tmp_path / "b.hl7.gz", "c.hl7": None}
    assert as_it_came(tmp_path / "a.zip") == b"PK\x03\x04 not really"
    assert as_it_came(tmp_path / "a.zip", most=5) is None
    assert as_it_came(tmp_path / "gone") is None
