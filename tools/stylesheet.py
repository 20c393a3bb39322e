"""The NHS design system's stylesheet without the rules that no page of ours can use.

    .venv/bin/python -m tools.stylesheet

Reads `tools/nhsuk-frontend.css`, which is whole, and writes the one that is served. A browser reads
all of a stylesheet before it paints anything: on a slow computer six rules in seven of it cost more
than the page. A new class in a template is a reason to run this again; a test says so.
"""

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import tinycss2

from wholerecord import portal
from wholerecord.portal.shared.design import COMPONENTS

WHOLE = Path(__file__).parent / "nhsuk-frontend.css"
SERVED = Path(portal.__file__).parent / "assets/nhsuk-frontend.css"

_WORD = re.compile(r"[A-Za-z][\w-]*")
_IMPORTED = re.compile(r"nhsuk/components/([a-z-]+)/")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_NOT = re.compile(r":not\([^)]*\)")
#: Rules that hold rules.
_NESTING = frozenset({"media", "supports", "container"})


def words_used() -> frozenset[str]:
    """Every word that a page can have for a class: of our templates and code, and the port's."""
    ours = Path(portal.__file__).parent.parent
    texts = [path.read_text() for path in (*ours.rglob("*.html"), *ours.glob("portal/**/*.py"))]
    return frozenset(word for text in (*texts, *_components()) for word in _WORD.findall(text))


def trimmed(sheet: str, words: frozenset[str]) -> str:
    """`sheet` with only the selectors whose classes are all among `words`, in the same order.

    A word that ends in "-" is the beginning of a class whose end a template works out.
    """
    begun = tuple(word for word in words if word.endswith("-"))

    def known(name: str) -> bool:
        return name in words or name.startswith(begun)

    def can_match(selector: str) -> bool:
        return all(map(known, _CLASS.findall(_NOT.sub("", selector))))

    def kept(rules: Iterable[Any]) -> Iterable[str]:
        for rule in rules:
            if rule.type == "at-rule" and rule.at_keyword in _NESTING:
                inside = tinycss2.parse_rule_list(rule.content, skip_comments=True)
                if inner := "".join(kept(inside)):
                    yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
            elif rule.type == "qualified-rule":
                selectors = [one for one in _selectors(rule.prelude) if can_match(one)]
                if selectors:
                    yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content)}}}"
            elif rule.type == "at-rule":
                yield rule.serialize()
            else:
                raise ValueError(f"line {rule.source_line}: {rule.message}")

    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return "\n".join(kept(rules)) + "\n"


def _selectors(prelude: Sequence[Any]) -> Iterable[str]:
    """A rule's selectors, which commas outside brackets part."""
    part: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield tinycss2.serialize(part).strip()
            part = []
        else:
            part.append(token)
    yield tinycss2.serialize(part).strip()


def _components() -> Iterable[str]:
    """The port's templates of the components that ours call, and of those that these call."""
    folder = Path(str(files("nhsuk_frontend_jinja"))) / "templates/nhsuk/components"
    todo, done = list(COMPONENTS), set[str]()
    while todo:
        if (name := todo.pop()) in done:
            continue
        done.add(name)
        for path in (folder / name).glob("*.jinja"):
            text = path.read_text()
            todo += _IMPORTED.findall(text)
            yield text


if __name__ == "__main__":
    SERVED.write_text(trimmed(WHOLE.read_text(), words_used()))
