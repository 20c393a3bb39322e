"""A site's own policy, checked when it is read: everything wrong with it, each with its place."""

import re
from collections.abc import Iterator

import msgspec

from wholerecord.errors import Incorrect
from wholerecord.fold.policy import POLICY, Policy, PolicyFile, Rule, policy_of
from wholerecord.fold.policy_ranges import (
    ACUTE,
    ACUTE_MOST,
    CODES,
    CONCEPT_LISTS,
    KEYS,
    NUMBERS,
    PATH,
    SWITCHES,
    TABLE_MOST,
    TABLES,
)
from wholerecord.terms import CONCEPTS
from wholerecord.terms.systems import SYSTEMS

#: The longest file that is read, bytes, and the longest words in it, characters.
LONGEST, _WORDS = 1_000_000, 2_000
#: Faults named at once, and rules in a file.
_FAULTS, _RULES = 20, 1_000
_SHIPPED = {rule.id: rule for rule in POLICY.rules}
_FIXED = "fixed"


class BadPolicy(Incorrect):
    """The policy cannot be used. Put right what is named and check it again."""


def check_policy(raw: bytes) -> Policy:
    """The policy that `raw`, JSON, says. Every rule of the shipped one is in it, in any order.

    Raises:
        BadPolicy: it cannot be used; the message says what is wrong and where.
    """
    file = _read(raw)
    faults = list(_faults(file))
    if faults:
        more = f"; and {len(faults) - _FAULTS} more" if len(faults) > _FAULTS else ""
        raise BadPolicy("; ".join(faults[:_FAULTS]) + more + ".")
    return policy_of(file)


def brought_forward(raw: bytes) -> Policy:
    """A policy that was in order when it was kept, with the rules that the program has had since.

    A rule that this version has no longer is left out.
    """
    file = _read(raw)
    still = tuple(rule for rule in file.rules if not [*_faults_of(rule)])
    named = {rule.id for rule in still}
    since = (
        shipped
        for name, shipped in _SHIPPED.items()
        if name not in named and not name.startswith(ACUTE)
    )
    return policy_of(msgspec.structs.replace(file, rules=(*still, *since)))


def _read(raw: bytes) -> PolicyFile:
    if len(raw) > LONGEST:
        raise BadPolicy(f"It is longer than {LONGEST:,} bytes.")
    try:
        return msgspec.json.decode(raw, type=PolicyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{str(error).replace('`', '')}.") from None
    except RecursionError:
        raise BadPolicy("It is nested too deeply.") from None


def _faults(file: PolicyFile) -> Iterator[str]:
    if not file.version.strip() or len(file.version) > 60 or not file.version.isprintable():
        yield "version: give it a name of 1 to 60 characters"
    if len(file.note) > _WORDS:
        yield f"note: longer than {_WORDS:,} characters"
    if len(file.rules) > _RULES:
        yield f"rules: more than {_RULES:,}"
        return
    seen: set[str] = set()
    for place, rule in enumerate(file.rules):
        at = f"rules[{place}] ({rule.id[:60]})"
        if rule.id in seen:
            yield f"{at}: there twice"
        seen.add(rule.id)
        for fault in _faults_of(rule):
            yield f"{at}: {fault}"
    for name in _SHIPPED:
        if name not in seen and not name.startswith(ACUTE):
            yield f"rules: {name} is missing"


def _faults_of(rule: Rule) -> Iterator[str]:
    return _of_acute(rule) if rule.id.startswith(ACUTE) else _of_rule(rule)


def _of_rule(rule: Rule) -> Iterator[str]:
    shipped = _SHIPPED.get(rule.id)
    if shipped is None:
        yield "there is no such rule"
        return
    yield from _words(rule)
    if (rule.kind, rule.unit) != (shipped.kind, shipped.unit):
        yield f"its kind is {shipped.kind} and its unit {shipped.unit}"
    if rule.does != shipped.does:
        yield "what it does is the program's to say, and must be as it is shipped"
    if shipped.unit == _FIXED:
        if rule.value is not None:
            yield "it is fixed and has no value"
        return
    yield from _value(rule)


def _of_acute(rule: Rule) -> Iterator[str]:
    yield from _words(rule)
    concept = CONCEPTS.get(rule.id.removeprefix(ACUTE))
    if concept is None or concept.kind != "condition" or concept.course != "acute":
        yield "no acute condition has that id"
    if (rule.kind, rule.unit) != ("condition", "days"):
        yield "its kind is condition and its unit days"
    yield from _number(rule, ACUTE_MOST)


def _words(rule: Rule) -> Iterator[str]:
    for name, words in (("does", rule.does), ("source", rule.source), ("owner", rule.owner)):
        if not words.strip() or len(words) > _WORDS:
            yield f"{name} is 1 to {_WORDS:,} characters"


def _value(rule: Rule) -> Iterator[str]:
    value = rule.value
    if rule.id in NUMBERS:
        yield from _number(rule, NUMBERS[rule.id].most)
    elif rule.id in SWITCHES and not isinstance(value, bool):
        yield "value is true or false"
    elif rule.id in CONCEPT_LISTS:
        if not isinstance(value, tuple):
            yield "value is a list of concepts"
            return
        for name in value:
            if name not in CONCEPTS or CONCEPTS[name].kind not in {"medicine", "class"}:
                yield f"value: no medicine or class has the id {name[:60]!r}"
    elif rule.id in CODES:
        yield from _codes(value)
    elif rule.id in TABLES:
        yield from _table(value, KEYS[rule.id])


def _number(rule: Rule, most: int) -> Iterator[str]:
    value = rule.value
    if isinstance(value, bool) or not isinstance(value, float) or not 0 <= value <= most:
        yield f"value is 0 to {most:,} {rule.unit}"


def _codes(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "value is an object: a concept for each code"
        return
    for code, name in msgspec.convert(value, dict[str, str]).items():
        system, bar, digits = code.partition("|")
        if system not in SYSTEMS.values() or not bar or not digits:
            yield f"value: {code[:60]!r} is no system|code"
        known = CONCEPTS.get(name)
        if known is None or known.kind != "condition" or known.course != "acute":
            yield f"value: no acute condition has the id {name[:60]!r}"


def _table(value: object, key: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "value is an object: a path for each code"
        return
    table = msgspec.convert(value, dict[str, str])
    if len(table) > TABLE_MOST:
        yield f"value has more than {TABLE_MOST:,} lines"
        return
    for code, path in table.items():
        if re.fullmatch(key, code) is None:
            yield f"value: {code[:60]!r} is no code of this table"
        if re.fullmatch(PATH, path) is None:
            yield f"value: {path[:60]!r} is no path of words and slashes"
