"""The design system's stylesheet, trimmed to what our pages can use."""

import pytest

from tools.stylesheet import SERVED, WHOLE, trimmed, words_used

WORDS = frozenset({"nhsuk-button", "nhsuk-tag", "nhsuk-tag--", "a"})


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        (".nhsuk-button{color:red}", ".nhsuk-button{color:red}\n"),
        (".nhsuk-card{color:red}", "\n"),
        (".nhsuk-card,.nhsuk-button:hover{top:0}", ".nhsuk-button:hover{top:0}\n"),
        (".nhsuk-card .nhsuk-button{top:0}", "\n"),
        (".nhsuk-button:not(.nhsuk-card){top:0}", ".nhsuk-button:not(.nhsuk-card){top:0}\n"),
        ("a:is(h1,h2){top:0}", "a:is(h1,h2){top:0}\n"),
        ("html{top:0}", "html{top:0}\n"),
        ('@charset "UTF-8";html{top:0}', '@charset "UTF-8";\nhtml{top:0}\n'),
    ],
)
def test_a_rule_is_kept_where_a_page_can_have_all_its_classes(sheet: str, left: str):
    assert trimmed(sheet, WORDS) == left


def test_a_class_whose_end_a_template_works_out_is_kept():
    assert trimmed(".nhsuk-tag--green{top:0}", WORDS) == ".nhsuk-tag--green{top:0}\n"


def test_rules_within_rules_are_looked_at_too():
    sheet = "@media print{.nhsuk-card{top:0}a{top:0}}@media print{.nhsuk-card{top:0}}"
    assert trimmed(sheet, WORDS) == "@media print{a{top:0}}\n"


def test_the_order_of_rules_which_decides_is_kept():
    assert trimmed("a{top:0}.nhsuk-x{top:1px}a{top:2px}", WORDS) == "a{top:0}\na{top:2px}\n"


def test_what_is_no_stylesheet_is_an_error_that_says_where():
    with pytest.raises(ValueError, match="line 2"):
        trimmed("a{top:0}\n}", WORDS)


def test_what_is_served_is_trimmed_from_the_whole_for_the_pages_of_today():
    assert SERVED.read_text() == trimmed(WHOLE.read_text(), words_used()), (
        "run: .venv/bin/python -m tools.stylesheet"
    )
