"""What templates and stylesheets may not do, checked by reading them."""

import re
from pathlib import Path

import pytest

import wholerecord.portal

PORTAL = Path(wholerecord.portal.__file__).parent
TEMPLATES = sorted(PORTAL.rglob("*.html"))
OURS = (PORTAL / "assets/wholerecord.css").read_text()
THEIRS = (PORTAL / "assets/nhsuk-frontend.css").read_text()


def test_there_are_templates():
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_trusts_nothing_and_runs_nothing(path: Path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe|autoescape|Markup", text)
    assert "<script" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_carries_the_sessions_token(path: Path):
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL)
    for form in forms:
        assert 'name="form"' in form or 'action="/sign-in"' in form


def test_neither_the_logo_nor_the_licensed_font_is_here():
    assert "Frutiger" not in THEIRS + OURS
    assert "@font-face" not in THEIRS + OURS
    pages = "".join(path.read_text() for path in TEMPLATES)
    assert "© NHS" not in pages
    assert "nhsuk-header__logo" not in pages


def test_stylesheets_ask_no_other_server_for_anything():
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", THEIRS + OURS)
    for name in re.findall(r"url\(/assets/([^)]+)\)", THEIRS + OURS):
        assert (PORTAL / "assets" / name).is_file()
