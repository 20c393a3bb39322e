"""What short texts mean is remembered, and no source fills the memory."""

import tracemalloc

from wholerecord.fold import Coding
from wholerecord.fold.meant import most_specific
from wholerecord.people import names, traits
from wholerecord.remembered import Remembered, recalls
from wholerecord.terms import concept, concept_in_text, plain
from wholerecord.terms.units import unit

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


def test_a_function_works_each_answer_out_once_none_too():
    asked = []
    recalled = recalls()(lambda *said: asked.append(said))
    assert [recalled("a", 1), recalled("a", 2), recalled("a", 1)] == [None] * 3
    assert asked == [("a", 1), ("a", 2)]
    recalled.cache_clear()
    recalled("a", 1)
    assert len(asked) == 3


def test_a_long_text_anywhere_in_the_arguments_is_answered_and_not_kept():
    asked = []
    recalled = recalls(longest=3)(lambda *said: asked.append(said))
    for said in (
        ("abcd",),
        (b"abcd",),
        ((("abcd",),),),
        (Coding(display="abcd"),),
        ((Coding(code="abcd"),),),
    ):
        before = len(asked)
        recalled(*said)
        recalled(*said)
        assert len(asked) == before + 2
    recalled((Coding(display="abc"),))
    recalled((Coding(display="abc"),))
    assert len(asked) == 11


def test_a_functions_full_memory_begins_again():
    asked = []
    recalled = recalls(most=2)(asked.append)
    for text in "abcc":
        recalled(text)
    assert asked == ["a", "b", "c"]
    recalled("a")
    assert asked == ["a", "b", "c", "a"]


def test_long_codes_displays_and_units_take_no_memory():
    tracemalloc.start()
    try:
        for n in range(20):
            long = f"{n} {LONG}"
            concept("http://snomed.info/sct", long)
            concept_in_text(long, "condition")
            most_specific((Coding(system="x", code="y", display=long),), long, "condition")
            unit(long)
        assert tracemalloc.get_traced_memory()[0] < 2 * len(LONG)
    finally:
        tracemalloc.stop()
