import pytest

from wholerecord.intake import Fault, Reason
from wholerecord.intake.markup import local, namespace, parse, place_of


def test_a_document_is_a_tree_whose_places_have_names():
    root = parse(b'<?xml version="1.0"?>\n<a xmlns="urn:x"><b/><b><c/></b><!-- kept apart --></a>')
    assert not isinstance(root, Fault)
    assert (local(root), namespace(root)) == ("a", "urn:x")
    assert place_of(root[1][0]) == "/a/b[2]/c"
    assert len(root) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_every_encoding(encoding):
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'.encode(encoding)
    found = parse(bomb)
    assert isinstance(found, Fault)
    assert found.reason is Reason.BAD_XML


def test_an_encoding_that_could_hide_a_document_type_is_refused():
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'
    found = parse(hidden)
    assert isinstance(found, Fault)
    assert found.reason is Reason.NOT_TEXT


@pytest.mark.parametrize(
    "broken", [b"<a>", b"<a></b>", b"<a>&x;</a>", b"\0<a/>", b"<", b"<a/><b/>"]
)
def test_what_is_not_well_formed_is_a_fault(broken):
    assert isinstance(parse(broken), Fault)


def test_a_letter_of_many_megabytes_is_one_text():
    root = parse(b"<a>" + b"QUJD" * 4_000_000 + b"</a>")
    assert not isinstance(root, Fault)
    assert len(root.text or "") == 16_000_000


def test_ten_thousand_levels_are_a_fault_and_no_crash():
    assert isinstance(parse(b"<a>" * 10_000 + b"</a>" * 10_000), Fault)
