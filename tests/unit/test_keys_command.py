"""`wholerecord keys erase` names whom it is about without anybody opening a record."""

import pytest
from click.testing import CliRunner

from wholerecord.cli.keys import keys
from wholerecord.errors import NotFound
from wholerecord.record import PatientKey

SAID = ("--by", "A. Guardian", "--why", "court order", "--yes")


@pytest.mark.parametrize(
    "named", [(), ("--source", "pas"), ("--number", "7"), ("1", "--source", "pas", "--number", "7")]
)
def test_somebody_is_named_in_one_way_and_whole(named):
    ended = CliRunner().invoke(keys, ["erase", *named, *SAID])
    assert ended.exit_code == 2
    assert "Name PATIENT, or --source and --number." in ended.output


def test_a_source_and_its_number_name_the_patient(database_url):
    named = ("--source", "pas", "--number", "7")
    where = {"WHOLERECORD_DATABASE": database_url}
    ended = CliRunner().invoke(keys, ["erase", *named, *SAID], env=where)
    assert isinstance(ended.exception, NotFound)
    assert str(PatientKey("pas", "7").id) in str(ended.exception)
