"""Where in a resource in XML an operation of an XML Patch is: the one node that a selector names.

Source: RFC 5261, section 4.1: of XPath 1.0 the paths from the top down, by names, with what must
hold of an element in brackets. Each step looks once at what is below, so a selector is linear in
the resource, whatever it says.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wholerecord.intake.markup import Element

FHIR, XHTML = "http://hl7.org/fhir", "http://www.w3.org/1999/xhtml"
#: What prefixes mean that a patch does not declare, as FHIR's own examples use them.
_USUAL = {"f": FHIR, "h": XHTML}
_LONGEST, _DEEPEST = 2_000, 30
_NAME = r"(?:[A-Za-z_][\w.-]{0,63}:)?[A-Za-z_][\w.-]{0,63}"
_TEST = rf"\[\s*(?:[1-9]\d{{0,5}}|(?:@{_NAME}|{_NAME}|\.)\s*=\s*(?:'[^']*'|\"[^\"]*\"))\s*\]"
_STEP = re.compile(
    rf"/?(?P<what>@{_NAME}|text\(\)|\*|{_NAME})(?P<tests>(?:{_TEST}){{0,4}})", re.ASCII
)
_ONE_TEST = re.compile(_TEST, re.ASCII)
_IS = re.compile(
    r"\[\s*(?P<of>[^=\s]+)\s*=\s*(?P<quote>['\"])(?P<said>.*)(?P=quote)\s*\]", re.DOTALL
)


class NotOne(ValueError):
    """The selector names no node, or several, or is none: says which, and nothing else."""


class Node(NamedTuple):
    """An element; one of its attributes, by `name`; or a piece of its text, by its place.

    The piece at 0 stands before its first child, that at 1 behind it, and so on.
    """

    element: Element
    name: str = ""
    piece: int | None = None


class _Step(NamedTuple):
    what: str
    tests: Sequence[str]


def select(root: Element, written: str, declared: Mapping[str | None, str]) -> Node:
    """The one node that `written` names below the document that `root` is the top of.

    Raises:
        NotOne: there is none, there are several, or it is not a selector.
    """
    spaces: dict[str | None, str] = {**_USUAL, None: FHIR, **declared}
    steps = _steps(written.strip())
    here: list[Element] = [root]
    top = True
    for at, step in enumerate(steps):
        last = at == len(steps) - 1
        if step.what[0] == "@" or step.what == "text()":
            if top or not last:
                raise NotOne("an attribute or a text is the end of a selector")
            return _within(_only(here), step, spaces)
        groups = [here] if top else [list(one) for one in here]
        here = [found for group in groups for found in _kept(group, step, spaces)]
        top = False
    return Node(_only(here))


def _steps(written: str) -> Sequence[_Step]:
    steps: list[_Step] = []
    end = 0
    while end < len(written) and len(steps) < _DEEPEST and len(written) <= _LONGEST:
        found = _STEP.match(written, end)
        if found is None or (steps and written[end] != "/"):
            break
        steps.append(_Step(found["what"], _ONE_TEST.findall(found["tests"])))
        end = found.end()
    if not steps or end < len(written):
        raise NotOne("the selector is not one that is read here")
    return steps


def _kept(
    group: Sequence[Element], step: _Step, spaces: Mapping[str | None, str]
) -> Sequence[Element]:
    """Of some that stand beside each other those that a step means."""
    tag = None if step.what == "*" else _tag(step.what, spaces)
    found = [one for one in group if tag is None or one.tag == tag]
    for test in step.tests:
        inner = test[1:-1].strip()
        if inner.isdigit():
            found = found[int(inner) - 1 : int(inner)]
        else:
            found = [one for one in found if _is(one, test, spaces)]
    return found


def _is(one: Element, test: str, spaces: Mapping[str | None, str]) -> bool:
    said = _IS.fullmatch(test)
    if said is None:
        return False
    of, wanted = said["of"], said["said"]
    if of == ".":
        return _words(one) == wanted
    if of[0] == "@":
        return one.get(_attribute(of, spaces)) == wanted
    return any(child.tag == _tag(of, spaces) and _words(child) == wanted for child in one)


def _words(one: Element) -> str:
    return "".join(map(str, one.itertext()))


def _tag(name: str, spaces: Mapping[str | None, str]) -> str:
    prefix, colon, own = name.rpartition(":")
    space = spaces.get(prefix if colon else None)
    if space is None:
        raise NotOne("a prefix in the selector is declared nowhere")
    return f"{{{space}}}{own}"


def _attribute(name: str, spaces: Mapping[str | None, str]) -> str:
    """An attribute's name, which without a prefix is of no namespace."""
    own = name.removeprefix("@")
    return _tag(own, spaces) if ":" in own else own


def _within(element: Element, step: _Step, spaces: Mapping[str | None, str]) -> Node:
    if step.what[0] == "@":
        name = _attribute(step.what, spaces)
        if step.tests or element.get(name) is None:
            raise NotOne("it names nothing")
        return Node(element, name=name)
    pieces = [0] if element.text else []
    pieces += [at for at, child in enumerate(element, start=1) if child.tail]
    for test in step.tests:
        inner = test[1:-1].strip()
        if not inner.isdigit():
            raise NotOne("the selector is not one that is read here")
        pieces = pieces[int(inner) - 1 : int(inner)]
    if len(pieces) != 1:
        raise NotOne("it names nothing" if not pieces else "it names several")
    return Node(element, piece=pieces[0])


def _only(found: Sequence[Element]) -> Element:
    if len(found) != 1:
        raise NotOne("it names nothing" if not found else "it names several")
    return found[0]
