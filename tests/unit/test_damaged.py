"""Archives that came as messages: whole, damaged, cut short, or a trap."""

import gzip
import io
import os
import zipfile

import pytest

from wholerecord.intake import Reason
from wholerecord.intake.damaged import archive_fault

WORDS = os.urandom(40_000)
PACKED = gzip.compress(WORDS)


def zipped():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.hl7", "A")
    return whole.getvalue()


@pytest.mark.parametrize("body", [PACKED, zipped()], ids=["gzip", "zip"])
def test_a_whole_archive_is_one_that_nobody_reads(body):
    fault = archive_fault(body)
    assert (fault.reason, fault.place) == (Reason.NOT_RECOGNISED, "")


def test_a_damaged_archive_says_after_how_much():
    short = archive_fault(PACKED[:20_000])
    assert (short.reason, short.detail) == (Reason.CUT_SHORT, "a gzip archive that is damaged")
    assert 19_000 < int(short.place.split()[1].replace(",", "")) < 20_001
    for cut in (2, 9, len(PACKED) - 1):
        assert archive_fault(PACKED[:cut]).reason is Reason.CUT_SHORT
    broken = bytearray(PACKED)
    broken[-6] ^= 0xFF  # its sum
    assert archive_fault(bytes(broken)).reason is Reason.CUT_SHORT
    assert archive_fault(zipped()[:-4]).reason is Reason.CUT_SHORT


def test_a_trap_is_not_unpacked_to_its_end():
    trap = gzip.compress(bytes(64 * 1024 * 1024))
    assert archive_fault(trap).detail == "a gzip archive"


def test_what_is_no_archive_has_no_such_fault():
    assert archive_fault(b"MSH|") is None
    assert archive_fault(b"") is None
