"""FHIRPath as invariants use it, each expression held against what another library makes of it."""

from decimal import Decimal

import fhirpathpy
import pytest

from wholerecord.fhir.fhirpath import NotFhirPath, compiled
from wholerecord.fhir.validation.types import choices, paths_with_rules, rules_of, type_of

HELD = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "s", "code": "a"}, {"system": "s", "code": "b"}]},
    "component": [{"code": {"coding": [{"system": "s", "code": "c"}]}}],
    "n": 3,
    "half": Decimal("0.5"),
    "on": True,
}
EXPRESSIONS = [
    "status = 'final'",
    "status != 'final'",
    "status in ('final' | 'amended')",
    "nothing.exists() implies status = 'x'",
    "status.exists() implies status = 'x'",
    "code.coding.count() = 2",
    "code.coding.where(code = 'a').exists()",
    "code.coding.all(system = 's')",
    "code.coding.select(code).isDistinct()",
    "code.coding.code.first() = 'a'",
    "code.coding.code.tail() = 'b'",
    "code.coding.code.intersect('a' | 'z').exists()",
    "component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
    "status.startsWith('fi') and status.matches('^f.*l$')",
    "status.contains('ina') xor on",
    "(n + 1) = 4 and n > half",
    "n - 1 <= 1",
    "iif(n > 2, 'big', 'small') = 'big'",
    "status.substring(1) = 'inal'",
    "on",
    "on.not()",
    "nothing = 1",
    "code.coding.code.first() & 'x' = 'ax'",
    "(code.coding.code.count() + n) = 5",
    "'3'.toInteger() = n",
    "code.descendants().where($this = 'a').exists()",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_as_another_library_has_it(expression):
    theirs = fhirpathpy.evaluate(HELD, expression, {"resource": HELD}) == [True]
    assert compiled(expression, {})(HELD, HELD) is theirs


def test_a_choice_is_found_by_its_stem_and_an_extension_is_there():
    held = {"valueString": "x", "_birthDate": {"extension": []}}
    assert compiled("value = 'x'", choices())(held, held)
    assert compiled("birthDate.exists() and birthDate.hasValue().not()", {})(held, held)


def test_dates_are_compared_as_far_as_both_say():
    before = compiled("start <= end", {})
    assert before({"start": "2024-05", "end": "2024-05-10"}, {})
    assert before({"start": "2024-05-10", "end": "2024-05"}, {})
    assert not before({"start": "2024-06", "end": "2024-05-10"}, {})
    zones = {"start": "2024-05-10T10:00:00+02:00", "end": "2024-05-10T09:00:00Z"}
    assert before(zones, {})


@pytest.mark.parametrize("said", ["a.", "a.where(", "(a", "a.resolve()", "%context.a", "a b", "'"])
def test_what_cannot_be_read_says_so(said):
    with pytest.raises(NotFhirPath):
        compiled(said, {})


def test_every_invariant_that_is_shipped_can_be_asked():
    every = [rule for path in paths_with_rules() for rule in rules_of(path)]
    assert len(every) > 200
    assert {rule.key for rule in type_of("Observation").rules} == {"obs-6", "obs-7"}
