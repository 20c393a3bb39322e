"""Every official R4 example is found by every search parameter that applies to it.

What a parameter applies to is worked out by another library (fhirpathpy) from the FHIRPath that
HL7 published; ours walks paths worked out beforehand. A seeded sample here, all of them when
WHOLERECORD_SOAK is set.
"""

import gzip
import json
import os
import random
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from fhirpathpy import evaluate
from fhirpathpy.models import models

from wholerecord.fhir.search import definitions
from wholerecord.fhir.search.around import Around
from wholerecord.fhir.search.path import elements, refers_to
from wholerecord.fhir.search.read import read
from wholerecord.fhir.search.select import select
from wholerecord.fhir.search.world import World
from wholerecord.record.canonical import canonical, read_json

DATA = Path(__file__).parents[3] / "shared" / "data" / "fhir-r4-core"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the published payloads are not beside the project"
    ),
]
SAMPLE = None if os.environ.get("WHOLERECORD_SOAK") else 60
AROUND = Around(now=datetime(2026, 1, 1, tzinfo=UTC), value_set=lambda _: lambda *_: False)
_IS = re.compile(r"\.where\(resolve\(\) is (\w+)\)$")


def examples():
    with zipfile.ZipFile(DATA / "r4-examples.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".json"))
        if SAMPLE is not None:
            names = random.Random(906).sample(names, SAMPLE)  # noqa: S311 - a sample, no secret
        return [(name, read_json(archive.read(name))) for name in names]


@cache
def published():
    with gzip.open(DATA / "search-parameters.json.gz") as file:
        entries = json.load(file)["entry"]
    return {entry["resource"]["url"]: entry["resource"] for entry in entries}


def alternatives(definition, kind):
    """The published expression's parts that are about this type."""
    expression = published()[definition.url].get("expression", "")
    if " and " in expression:
        return [expression]
    named = {kind, "Resource", "DomainResource"}
    parts = [part.strip() for part in expression.split(" | ")]
    return [
        part
        for part in parts
        if part.lstrip("(").partition(".")[0].split(" ")[0] in named or "." not in part
    ]


def oracle(resource, definition):
    """What fhirpathpy finds of a parameter in a resource."""
    found = []
    for part in alternatives(definition, resource["resourceType"]):
        test = _IS.search(part)
        bare = part[: test.start()] if test else part
        bare = re.sub(r"^(Domain)?Resource\b", resource["resourceType"], bare)
        bare = re.sub(r"\((\S+) as (\w+)\)", r"\1.ofType(\2)", bare).replace(".as(", ".ofType(")
        bare = re.sub(r"^(\S+) as (\w+)$", r"\1.ofType(\2)", bare)
        values = evaluate(resource, bare, {}, models["r4"])
        found += [one for one in values if not test or refers_to(one, resource) == test[1]]
    return [one for one in found if one is not None]


def ours(resource, definition):
    paths = definitions.paths(definition, resource["resourceType"])
    return [one.value for one in elements(paths, resource, resource)]


def in_order(values):
    return sorted({canonical(plain(value)) for value in values})


def plain(value):
    return Decimal(str(value)) if isinstance(value, float) else value


def asked_for(definition, element):
    """`(modifier, value)` by which the element is to be found, made of the element itself."""
    value = element.value
    match definition.type:
        case "date":
            return asked_date(element)
        case "string":
            return asked_string(element)
        case "token":
            return asked_token(element)
        case "reference":
            return asked_reference(element)
        case "quantity":
            return asked_quantity(element)
        case "number" if not isinstance(value, dict):
            return "", str(value)
        case "uri":
            return "", escaped(str(value))
        case _:
            return None


def escaped(text):
    return re.sub(r"([\\,|$])", r"\\\1", text)


def asked_date(element):
    if isinstance(element.value, str):
        return ("", element.value) if element.value[:4].isdigit() else None
    if element.type == "Period":
        for name, prefix in (("start", "ge"), ("end", "le")):
            if name in element.value:
                return "", prefix + element.value[name]
    return None


def asked_string(element):
    value = element.value
    if element.type == "HumanName":
        value = value.get("family") or value.get("text")
    elif element.type == "Address":
        value = value.get("city") or value.get("text")
    return ("exact", escaped(value)) if isinstance(value, str) and value.strip() else None


def asked_token(element):
    value, system = element.value, element.system
    match element.type:
        case "CodeableConcept" if value.get("coding") and "code" in value["coding"][0]:
            value = value["coding"][0]
            return "", f"{escaped(value.get('system', ''))}|{escaped(value['code'])}"
        case "Coding" if "code" in value:
            return "", f"{escaped(value.get('system', ''))}|{escaped(value['code'])}"
        case "CodeableConcept" if value.get("text"):
            return "text", escaped(value["text"])
        case "Identifier" if "value" in value:
            return "", f"{escaped(value.get('system', ''))}|{escaped(value['value'])}"
        case "ContactPoint" if "value" in value:
            return "", escaped(value["value"])
        case "code":
            return "", f"{system}|{value}" if system else value
        case _ if not isinstance(value, dict):
            return "", escaped(json.dumps(value) if isinstance(value, bool) else str(value))
        case _:
            return None


def asked_reference(element):
    value = element.value
    address = value if isinstance(value, str) else value.get("reference") or value.get("url")
    if element.type == "Resource":
        address = f"{value['resourceType']}/{value['id']}" if "id" in value else None
    if address and not address.startswith("#") and (":" in address or "/" in address):
        bare = address.partition("/_history/")[0] if ":" not in address else address
        return "", escaped(bare) if "|" not in address else address
    if isinstance(value, dict) and "value" in value.get("identifier", {}):
        known = value["identifier"]
        return "identifier", f"{escaped(known.get('system', ''))}|{escaped(known['value'])}"
    return None


def asked_quantity(element):
    value = element.value
    if element.type == "Range" or "value" not in value:
        return None
    prefix = {"<": "lt", ">": "gt", "<=": "le", ">=": "ge"}.get(value.get("comparator"), "")
    unit = f"|{value['system']}|{value['code']}" if {"system", "code"} <= set(value) else ""
    return "", f"{prefix}{value['value']}{unit}"


def test_every_parameter_is_where_its_published_fhirpath_says():
    compared = 0
    for name, resource in examples():
        for definition in definitions.of_type(resource["resourceType"]).values():
            if definition.name in ("_text", "_content"):
                continue
            expected, found = oracle(resource, definition), ours(resource, definition)
            if definition.name == "deceased":
                assert found == expected[:1], name
                continue
            assert in_order(found) == in_order(expected), (name, definition.id)
            compared += bool(expected)
    assert compared > 300


def test_every_example_is_found_by_every_parameter_that_applies_to_it():
    found = 0
    for name, resource in examples():
        kind = resource["resourceType"]
        world = World.of([resource])
        for definition in definitions.of_type(kind).values():
            paths = definitions.paths(definition, kind)
            for element in elements(paths, resource, resource):
                asked = asked_for(definition, element)
                if asked is None:
                    continue
                modifier, value = asked
                parameter = definition.name + (f":{modifier}" if modifier else "")
                plan = read(kind, [(parameter, value)], AROUND)
                assert select(plan, world), (name, parameter, value)
                found += 1
    assert found > 500
