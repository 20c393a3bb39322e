"""Loading releases: each format, what it becomes, and what a bad one does."""

import fcntl

import pytest

from tests.unit import terms_releases as made
from wholerecord.errors import NotFound
from wholerecord.terms.content import CTV3, ICD10, READ2, SNOMED, BadRelease
from wholerecord.terms.loading import read_release
from wholerecord.terms.release import Damaged, LoadUnderWay, Release, Shelf
from wholerecord.terms.terminology import Terminology


def in_force(folder, kind, *paths, **options):
    shelf = Shelf(folder / "terms")
    shelf.load(read_release(kind, paths, **options))
    return Terminology.of(folder / "terms")


def test_a_snapshot_gives_names_kinds_and_maps(tmp_path):
    found = in_force(tmp_path, "snomed", made.snomed(tmp_path / "rf2"))
    stroke = found.term(SNOMED, made.STROKE)
    assert (stroke.title, stroke.words, stroke.tag) == ("Stroke", ("CVA",), "disorder")
    assert found.subsumes(SNOMED, made.STROKE, made.POSTERIOR)
    assert not found.subsumes(SNOMED, made.POSTERIOR, made.STROKE)
    assert not found.subsumes(SNOMED, made.SARCOIDOSIS, made.STROKE)
    maps = found.term(SNOMED, made.LUNG_SARCOIDOSIS).maps
    assert [(one.system, one.code, one.group) for one in maps] == [
        (ICD10, "D860", 1),
        (ICD10, "J99.1", 2),
    ]
    [loaded] = found.loaded
    assert loaded.version == "20260301"
    assert "123456789012: 1 rows" in loaded.left_out[0]


def test_a_release_can_be_looked_up_by_words_and_backwards_through_its_maps(tmp_path):
    found = in_force(tmp_path, "snomed", made.snomed(tmp_path / "rf2"))
    [release] = found.holding(SNOMED)
    codes = lambda rows: [release.term_at(row).code for row in rows]  # noqa: E731 - one use
    assert codes(release.called("besnier-boeck DISEASE")) == [made.SARCOIDOSIS]
    assert codes(release.search("cardio strok")) == [made.CARDIOEMBOLIC, made.POSTERIOR]
    assert codes(release.mapping_to(ICD10, "D86.0")) == [made.LUNG_SARCOIDOSIS]
    assert codes(release.below(release.row(made.STROKE))) == [
        made.ISCHAEMIC,
        made.CARDIOEMBOLIC,
        made.POSTERIOR,
    ]


def test_full_snapshot_and_delta_agree(tmp_path):
    old = (("900009001", "Old name (disorder)", "Old name", (), (made.FINDING,)),)
    rest = made.CONCEPTS
    made.snomed(tmp_path / "full", kind="Full", time="20250101", concepts=old)
    made.snomed(tmp_path / "full2", kind="Full", concepts=rest)
    new = (("900009001", "New name (disorder)", "New name", (), (made.STROKE,)),)
    delta = made.snomed(tmp_path / "delta", kind="Delta", time="20260401", concepts=new)
    found = in_force(tmp_path, "snomed", tmp_path / "full", tmp_path / "full2", delta)
    assert found.term(SNOMED, "900009001").title == "New name"
    assert found.subsumes(SNOMED, made.STROKE, "900009001")


def test_a_delta_alone_is_refused(tmp_path):
    with pytest.raises(BadRelease, match="together with the release it changes"):
        read_release("snomed", [made.snomed(tmp_path, kind="Delta")])


def test_what_is_retired_names_what_replaced_it(tmp_path):
    found = in_force(tmp_path, "snomed", made.snomed(tmp_path / "rf2"))
    retired = found.term(SNOMED, made.OLD_SARCOIDOSIS)
    assert not retired.active
    assert [(one.code, one.how) for one in retired.maps] == [(made.SARCOIDOSIS, "equivalent")]


def test_a_missing_file_is_named(tmp_path):
    made.snomed(tmp_path)
    next(tmp_path.rglob("sct2_Description*")).unlink()
    with pytest.raises(BadRelease, match="Missing: sct2_Description"):
        read_release("snomed", [tmp_path])


def test_a_wrong_column_is_named(tmp_path):
    made.snomed(tmp_path)
    file = next(tmp_path.rglob("sct2_Relationship*"))
    file.write_text(file.read_text().replace("destinationId", "destination"))
    with pytest.raises(BadRelease, match="has no column destinationId"):
        read_release("snomed", [tmp_path])


def test_a_line_cut_short_is_named(tmp_path):
    made.snomed(tmp_path)
    file = next(tmp_path.rglob("sct2_Concept*"))
    file.write_text(file.read_text()[:-30])
    with pytest.raises(BadRelease, match=r"line 14: \d cells, not 5"):
        read_release("snomed", [tmp_path])


def test_a_circle_is_named_and_what_was_in_force_stays(tmp_path):
    shelf = Shelf(tmp_path / "terms")
    good = shelf.load(read_release("snomed", [made.snomed(tmp_path / "good")]))
    bad = made.snomed(tmp_path / "bad", edges=[(made.STROKE, made.POSTERIOR)])
    with pytest.raises(BadRelease, match=r"goes in a circle: .* is a "):
        shelf.load(read_release("snomed", [bad]))
    assert shelf.in_force() == (good,)
    assert shelf.whole(good)
    assert not list((tmp_path / "terms").glob("*.new"))


def test_an_extension_without_its_edition_is_refused(tmp_path):
    alone = (("900009001", "Local (disorder)", "Local", (), (made.STROKE,)),)
    content = read_release("snomed", [made.snomed(tmp_path / "x", concepts=alone)])
    with pytest.raises(BadRelease, match="together with the edition it extends"):
        Shelf(tmp_path / "terms").load(content)


def test_a_load_killed_half_way_leaves_what_was_in_force(tmp_path):
    shelf = Shelf(tmp_path / "terms")
    good = shelf.load(read_release("snomed", [made.snomed(tmp_path / "good")]))
    whole = shelf.path(good).read_bytes()
    (tmp_path / "terms" / "snomed.new").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "terms" / "in-force.json.new").write_bytes(b'[{"na')
    assert Terminology.of(tmp_path / "terms").term(SNOMED, made.STROKE) is not None
    again = shelf.load(read_release("snomed", [made.snomed(tmp_path / "good")]))
    assert again.sha256 == good.sha256


@pytest.mark.parametrize("keep", [0, 10, 5000, -1])
def test_a_damaged_file_is_a_fault_and_not_an_answer(tmp_path, keep):
    shelf = Shelf(tmp_path / "terms")
    good = shelf.load(read_release("snomed", [made.snomed(tmp_path / "good")]))
    whole = shelf.path(good).read_bytes()
    shelf.path(good).write_bytes(whole[:keep])
    with pytest.raises(Damaged):
        Release(shelf.path(good))
    found = Terminology.of(tmp_path / "terms")
    assert found.term(SNOMED, made.STROKE) is None
    assert found.says == "snomed damaged"
    assert not shelf.whole(good)


def test_a_release_replaces_only_that_of_its_kind(tmp_path):
    shelf = Shelf(tmp_path / "terms")
    shelf.load(read_release("snomed", [made.snomed(tmp_path / "rf2")]))
    shelf.load(read_release("dmd", [made.dmd(tmp_path / "dmd")]))
    new = shelf.load(read_release("snomed", [made.snomed(tmp_path / "new", time="20260401")]))
    assert [(one.name, one.version) for one in shelf.in_force()] == [
        ("dmd", "3010326"),
        ("snomed", "20260401"),
    ]
    assert len(list((tmp_path / "terms").glob("*.release"))) == 2
    shelf.drop("dmd")
    assert shelf.in_force() == (new,)
    with pytest.raises(NotFound):
        shelf.drop("dmd")


def test_two_loads_at_once_do_not_lose_each_other(tmp_path):
    shelf = Shelf(tmp_path)
    content = read_release("dmd", [made.dmd(tmp_path / "dmd")])
    shelf.load(content)
    with (tmp_path / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LoadUnderWay):
            shelf.load(content)


def test_dmd_products_are_kinds_of_what_they_are_made_from(tmp_path):
    found = in_force(tmp_path, "dmd", made.dmd(tmp_path / "dmd"))
    product = found.term("https://dmd.nhs.uk", "900120001")
    assert product.full == "Amoxicillin 500mg capsules (Example Ltd)"
    assert found.subsumes("https://dmd.nhs.uk", "27658006", "900120001")
    assert found.term(SNOMED, "900110001").facts == {"form": "Capsule", "route": "Oral"}
    assert "1 products" in found.loaded[0].left_out[0]


def test_xml_with_a_document_type_is_refused(tmp_path):
    folder = made.dmd(tmp_path / "dmd")
    file = folder / "f_vtm2_3010326.xml"
    bomb = '<!DOCTYPE a [<!ENTITY b "cccc">]>'
    file.write_text(bomb + file.read_text().replace("Examplamab", "&b;"))
    with pytest.raises(BadRelease, match="document type"):
        read_release("dmd", [folder])


def test_icd10_is_read_with_a_heading_or_without(tmp_path):
    headed = tmp_path / "ICD10_Edition5_CodesAndTitlesAndMetadata_GB_20160401.txt"
    headed.write_text(
        "CODE\tALT_CODE\tUSAGE\tDESCRIPTION\n"
        "A17\tA17\tDEFAULT\tTuberculosis of nervous system\n"
        "A17.0†\tA170\tDAGGER\tTuberculous meningitis\n"
        "I10\tI10X\tDEFAULT\tEssential hypertension\n"
    )
    found = in_force(tmp_path, "icd10", headed)
    assert found.subsumes(ICD10, "A17", "A17.0")
    assert found.loaded[0].version == "20160401"
    bare = tmp_path / "OPCS410 CodesAndTitles Nov 2025.txt"
    bare.write_text("A01\tMajor excision of tissue of brain\nA01.1\tHemispherectomy\n")
    content = read_release("opcs4", [bare])
    assert content.terms["A01.1"].parents == ("A01",)


def test_a_table_that_is_not_a_classification_is_refused(tmp_path):
    (tmp_path / "codes and titles.txt").write_text("Dear\tSir\nwe\twrite\n")
    with pytest.raises(BadRelease, match="holds no ICD-10 codes"):
        read_release("icd10", [tmp_path])


def test_loinc_has_groups_and_says_what_to_use_instead(tmp_path):
    (tmp_path / "Loinc.csv").write_text(
        '"LOINC_NUM","COMPONENT","STATUS","CLASS","LONG_COMMON_NAME","SHORTNAME","DisplayName",'
        '"EXAMPLE_UCUM_UNITS","VersionLastChanged"\n'
        '"99990-1","Example","ACTIVE","CHEM","Example in Blood","Example Bld","Example (Bld)",'
        '"mmol/L","2.80"\n'
        '"99991-9","Old","DEPRECATED","CHEM","Old, in Blood","","","","2.10"\n'
    )
    (tmp_path / "MapTo.csv").write_text("LOINC,MAP_TO,COMMENT\n99991-9,99990-1,\n")
    (tmp_path / "ComponentHierarchyBySystem.csv").write_text(
        "PATH_TO_ROOT,SEQUENCE,IMMEDIATE_PARENT,CODE,CODE_TEXT\n,1,,LP1-1,Chemistry\n"
        "LP1-1,1,LP1-1,99990-1,Example\n"
    )
    found = in_force(tmp_path, "loinc", tmp_path)
    assert found.term("http://loinc.org", "99990-1").title == "Example (Bld)"
    assert found.subsumes("http://loinc.org", "LP1-1", "99990-1")
    old = found.term("http://loinc.org", "99991-9")
    assert (old.active, [one.code for one in old.maps]) == (False, ["99990-1"])
    assert found.loaded[0].version == "2.80"


def test_read_maps_keep_the_assured_one_first(tmp_path):
    (tmp_path / "rcsctmap2_uk_20200401000001.txt").write_text(
        "MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus\n"
        f"1\tH57y.\t00\t{made.LUNG_SARCOIDOSIS}\t1\t0\t20190401\t1\n"
        f"2\tH57y.\t00\t{made.SARCOIDOSIS}\t1\t1\t20180401\t1\n"
        f"3\tG66..\t00\t{made.STROKE}\t1\t1\t20180401\t0\n"
    )
    (tmp_path / "ctv3sctmap2_uk_20200401000001.txt").write_text(
        "MAPID\tCTV3_CONCEPTID\tCTV3_TERMID\tCTV3_TERMTYPE\tSCT_CONCEPTID\tSCT_DESCRIPTIONID\t"
        "MAPSTATUS\tEFFECTIVEDATE\tIS_ASSURED\n"
        f"1\tXa0bc\tY1\tP\t{made.SARCOIDOSIS}\t1\t1\t20180401\t1\n"
    )
    read2 = read_release("read2", [tmp_path])
    assert (read2.system, list(read2.terms)) == (READ2, ["H57y."])
    assert [(one.code, one.how) for one in read2.terms["H57y."].maps] == [
        (made.SARCOIDOSIS, "equivalent"),
        (made.LUNG_SARCOIDOSIS, "relatedto"),
    ]
    ctv3 = read_release("ctv3", [tmp_path])
    assert (ctv3.system, list(ctv3.terms)) == (CTV3, ["Xa0bc"])


def test_ods_is_read_from_a_report_and_from_json(tmp_path):
    row = ["X99001", "EXAMPLE SURGERY", *[""] * 7, "ZZ99 3AA", "20000101", "", "A", *[""] * 14]
    (tmp_path / "epraccur.csv").write_text(",".join(f'"{cell}"' for cell in row) + "\n")
    (tmp_path / "ord.json").write_text(
        '{"Organisations":[{"OrgId":"X99","Name":"EXAMPLE TRUST","Status":"Inactive",'
        '"PostCode":"ZZ99 3AB"}]}'
    )
    terms = read_release("ods", [tmp_path]).terms
    assert terms["X99001"].facts == {"postcode": "ZZ99 3AA"}
    assert (terms["X99"].title, terms["X99"].active) == ("EXAMPLE TRUST", False)
    (tmp_path / "ord.json").write_text('{"Organisations":["x"]}')
    with pytest.raises(BadRelease):
        read_release("ods", [tmp_path])


def test_a_codelist_says_its_system_by_its_column_or_its_codes(tmp_path):
    file = tmp_path / "example-list.csv"
    file.write_text("CTV3ID,CTV3PreferredTermDesc\nXa0bc,Example\n")
    assert read_release("codelist", [file]).system == CTV3
    file.write_text(f'"code","term"\n{made.STROKE},Stroke\n')
    assert read_release("codelist", [file]).system == SNOMED
    file.write_text("code,term\nE1...,Example\n")
    with pytest.raises(BadRelease, match="give --system"):
        read_release("codelist", [file])
    assert read_release("codelist", [file], system=READ2).terms["E1..."].title == "Example"


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe\x81", b"a" * 200_000, b'code\n"'])
@pytest.mark.parametrize("kind", ["icd10", "opcs4", "read2", "ctv3", "codelist", "ods"])
def test_bytes_that_are_no_table_are_refused(tmp_path, kind, body):
    (tmp_path / "codes and titles.csv").write_bytes(body)
    shelf = Shelf(tmp_path / "terms")
    with pytest.raises(BadRelease):
        shelf.load(read_release(kind, [tmp_path]))


def test_who_has_a_release_open_keeps_it_while_another_is_loaded(tmp_path):
    before = in_force(tmp_path, "snomed", made.snomed(tmp_path / "rf2"))
    small = (("900009001", "Other (disorder)", "Other", (), ()),)
    new = made.snomed(tmp_path / "new", time="20260401", concepts=small)
    after = in_force(tmp_path, "snomed", new)
    assert before.term(SNOMED, made.STROKE).title == "Stroke"
    assert before.subsumes(SNOMED, made.STROKE, made.POSTERIOR)
    assert after.term(SNOMED, made.STROKE) is None


def test_a_disk_that_fills_during_a_load_leaves_what_was_in_force(tmp_path, monkeypatch):
    shelf = Shelf(tmp_path / "terms")
    good = shelf.load(read_release("dmd", [made.dmd(tmp_path / "dmd")]))
    content = read_release("dmd", [tmp_path / "dmd"], version="2")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wholerecord.terms.release.write.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        shelf.load(content)
    monkeypatch.undo()
    assert shelf.in_force() == (good,)
    assert sorted(path.name for path in (tmp_path / "terms").iterdir()) == sorted(
        [good.file, "in-force.json", "lock"]
    )
