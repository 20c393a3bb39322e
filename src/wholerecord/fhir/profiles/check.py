"""A profile made into functions: what it asks of a resource beyond its type, each with its place.

The type itself is checked before (`fhir.validation`), and a resource that is not as its type has it
is asked nothing further: a profile only narrows.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wholerecord.fhir.fhirpath import NotFhirPath, compiled
from wholerecord.fhir.profiles.sets import Known
from wholerecord.fhir.profiles.told_apart import BY_ADDRESS, SetOf, coded, fits, is_of
from wholerecord.fhir.profiles.tree import FREE, Node
from wholerecord.fhir.validation.places import Found, Place
from wholerecord.fhir.validation.types import choices
from wholerecord.intake.fhir.shape import is_array, is_object

#: Checks one value at a place.
Check = Callable[[Any, Place, Found], None]
#: The check of another profile by its address, found when it is first needed; None: not loaded.
CheckOf = Callable[[str], Check | None]


class Maker:
    """Makes the checks of one profile, called `name` where it is told of."""

    def __init__(
        self, name: str, check_of: CheckOf, set_of: SetOf, type_of: Callable[[str], str]
    ) -> None:
        self._asks = f"the profile {name} asks for"
        self._check_of = check_of
        self._set_of = set_of
        self._type_of = type_of
        self.left_out: list[str] = []

    def value(self, node: Node) -> Check:
        """The check of one value."""
        checks = [
            *self._same(node),
            *self._bound(node),
            *self._rules(node),
            *self._led(node),
            *self._by_profile(node),
            *(self.element(name, part) for name, part in node.parts.items()),
        ]
        if len(checks) == 1:
            return checks[0]

        def check(value: Any, at: Place, found: Found) -> None:
            for one in checks:
                one(value, at, found)

        return check

    def element(self, name: str, node: Node) -> Check:
        """The check of all that stands under a name in an object."""
        names = choices().get(name.removesuffix("[x]"), frozenset()) if name[-3:] == "[x]" else None
        kinds = tuple(f"{kind[:1].upper()}{kind[1:]}" for kind in node.kinds)
        one, sliced = self.value(node), self._slices(name, node)
        least, most, asks = node.least, node.most, self._asks

        def check(within: Any, at: Place, found: Found) -> None:
            if not is_object(within):
                return
            values = _values(within, name, names, at)
            if len(values) < least:
                found.add("required", f"There are fewer than {asks} ({least}).", at, name)
            if most is not None and len(values) > most:
                found.add("structure", f"There are more than {asks} ({most}).", at, name)
            for value, said_as, place in values:
                if names is not None and kinds and not said_as.endswith(kinds):
                    found.add("value", f"It is of no type {asks}.", place)
                if value is not None:
                    one(value, place, found)
            sliced(values, at, found)

        return check

    def _slices(self, name: str, node: Node) -> "_OfAll":
        slicing = node.slicing
        if slicing is None and name in {"extension", "modifierExtension"}:
            slicing = BY_ADDRESS
        if not node.slices or slicing is None:
            return _nothing
        each = [
            (title, part, is_of(part, slicing, self._set_of), self.value(part))
            for title, part in node.slices.items()
        ]
        closed, asks = slicing.closed, self._asks

        def check(values: Sequence[_Value], at: Place, found: Found) -> None:
            counts = [0] * len(each)
            unsure = False
            for value, said_as, place in values:
                said = [is_of_it(value, said_as) for _, _, is_of_it, _ in each]
                unsure = unsure or (None in said and True not in said)
                if True in said:
                    n = said.index(True)
                    counts[n] += 1
                    each[n][3](value, place, found)
                elif closed and None not in said:
                    found.add("structure", f"It is of no slice {asks}.", place)
            for (title, part, _, _), count in zip(each, counts, strict=True):
                if count < part.least and not unsure:
                    says = f"There are fewer of {title} than {asks} ({part.least})."
                    found.add("required", says, at, name)
                if part.most is not None and count > part.most:
                    says = f"There are more of {title} than {asks} ({part.most})."
                    found.add("structure", says, at, name)

        return check

    def _same(self, node: Node) -> Sequence[Check]:
        fixed, pattern, asks = node.fixed, node.pattern, self._asks

        def is_fixed(value: Any, at: Place, found: Found) -> None:
            if not (fits(value, fixed) and fits(fixed, value)):
                found.add("value", f"It is not what {asks}.", at)

        def has_pattern(value: Any, at: Place, found: Found) -> None:
            if not fits(value, pattern):
                found.add("value", f"It has not what {asks}.", at)

        return [
            *([is_fixed] if fixed is not FREE else []),
            *([has_pattern] if pattern is not FREE else []),
        ]

    def _bound(self, node: Node) -> Sequence[Check]:
        strength, url = node.binding or ("", "")
        if strength not in {"required", "extensible"}:
            return []
        known: list[Known] = []
        asks = self._asks

        def check(value: Any, at: Place, found: Found) -> None:
            if not known:
                known.append(self._set_of(url))
            said = coded(known[0], value)
            if not said or True in said or None in said:
                return
            if strength == "required":
                found.add("code-invalid", f"It is of no value {asks}.", at)
            else:
                found.warn("code-invalid", f"It is of no value {asks}, where one fits.", at)

        return [check]

    def _rules(self, node: Node) -> Sequence[Check]:
        checks: list[Check] = []
        for key, severity, says in node.rules:
            try:
                holds = compiled(says, choices())
            except NotFhirPath:
                self.left_out.append(key)
                continue

            def check(
                value: Any,
                at: Place,
                found: Found,
                key: str = key,
                holds: Any = holds,
                *,
                warns: bool = severity != "error",
            ) -> None:
                if not holds(value, found.root):
                    tell = found.warn if warns else found.add
                    tell("invariant", f"The invariant {key} does not hold: {self._asks} it.", at)

            checks.append(check)
        return checks

    def _led(self, node: Node) -> Sequence[Check]:
        """The check that a reference is to a type that is asked for, as far as it says."""
        types = {self._type_of(one) for one in node.targets}
        if not types or "" in types or "Resource" in types:
            return []
        asks = self._asks

        def check(value: Any, at: Place, found: Found) -> None:
            said = value.get("reference") if is_object(value) else None
            parts = said.partition("|")[0].split("/") if isinstance(said, str) else []
            parts = parts[:-2] if len(parts) > 3 and parts[-2] == "_history" else parts
            kind = parts[-2] if len(parts) > 1 else ""
            if kind[:1].isupper() and kind.isalpha() and kind not in types:
                found.add("value", f"It is to a type that is not one {asks}.", at, "reference")

        return [check]

    def _by_profile(self, node: Node) -> Sequence[Check]:
        """The check of a value by the profile its type has to have, where there is just one."""
        if len(node.profiles) != 1:
            return []
        url = node.profiles[0].partition("|")[0]
        made: list[Check | None] = []

        def check(value: Any, at: Place, found: Found) -> None:
            if not made:
                made.append(self._check_of(url))
            if made[0] is not None:
                made[0](value, at, found)

        return [check]


#: A value, the name JSON has for it, and its place.
_Value = tuple[Any, str, Place]
_OfAll = Callable[[Sequence[_Value], Place, Found], None]


def _nothing(_: Sequence[_Value], __: Place, ___: Found) -> None:
    """There are no slices."""


def _values(
    within: dict[str, Any], name: str, names: frozenset[str] | None, at: Place
) -> list[_Value]:
    """What stands under a name, or under each name of a choice; None: it has only extensions."""
    found: list[_Value] = []
    for each in (name,) if names is None else sorted(names & _said(within)):
        value = within.get(each)
        if is_array(value):
            found += [(one, each, (at, each, n)) for n, one in enumerate(value)]
        elif value is not None or f"_{each}" in within:
            found.append((value, each, (at, each, -1)))
    return found


def _said(within: dict[str, Any]) -> frozenset[str]:
    return frozenset(name.removeprefix("_") for name in within)
