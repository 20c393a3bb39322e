"""Laws of logical ids: they are FHIR ids, and lead back to what they were made of."""

import re

from hypothesis import given
from hypothesis import strategies as st

from wholerecord.record import LogicalId, PatientId
from wholerecord.record.logical_id import key_of, new_word, word

NUMBERS = st.integers(-(1 << 63), (1 << 63) - 1)


@given(NUMBERS, NUMBERS)
def test_an_id_is_one_of_fhirs_and_leads_back(patient, key):
    made = LogicalId(PatientId(patient), key)
    assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", made.text)
    assert LogicalId.parse(made.text) == made
    assert key_of(made.own) == key


@given(st.text(max_size=80))
def test_what_is_no_id_is_none_and_an_id_is_written_one_way(said):
    found = LogicalId.parse(said)
    assert found is None or found.text == said


@given(st.text(max_size=80))
def test_every_own_id_has_a_key_and_a_word_is_its_own(own):
    key = key_of(own)
    assert -(1 << 63) <= key < 1 << 63
    assert key_of(word(key)) == key


def test_two_new_words_are_two():
    assert len({new_word() for _ in range(1000)}) == 1000
