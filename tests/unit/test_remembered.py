"""What short texts mean is remembered, and no source fills the memory."""

from wholerecord.people import names, traits
from wholerecord.remembered import Remembered
from wholerecord.terms import plain

LONG = "Ann " * 100_000


def test_each_text_is_worked_out_once():
    asked = []
    seen = Remembered(lambda text: asked.append(text) or text.upper())
    assert [seen["a"], seen["b"], seen["a"]] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_what_is_long_is_answered_and_not_kept():
    asked = []
    seen = Remembered(lambda text: asked.append(text) or len(text), longest=3)
    assert [seen["abcd"], seen["abcd"], seen["abc"]] == [4, 4, 3]
    assert asked == ["abcd", "abcd", "abc"]
    assert list(seen) == ["abc"]


def test_a_full_memory_begins_again():
    seen = Remembered(str.upper, most=2)
    assert [seen[text] for text in "abcab"] == list("ABCAB")
    assert len(seen) <= 2


def test_long_names_numbers_and_words_take_no_memory():
    for meaning in (names.words, names.whole_sound, traits.dialled, plain):
        assert meaning(LONG) == meaning(LONG)
    kept = (names._WORDS_OF, names._SOUNDS_OF, traits._DIALLED, plain.__self__)
    assert [LONG in each for each in kept] == [False] * 4
