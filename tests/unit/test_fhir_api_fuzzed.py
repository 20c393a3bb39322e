"""The API as its own description has it, asked by schemathesis: bounded, and the same each time.

    .venv/bin/python -m tests.unit.test_fhir_api_fuzzed SECONDS

asks for as long as one likes, otherwise each time.
"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import Session

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 400 if os.environ.get("WHOLERECORD_SOAK") == "1" else 1
BASES = ("/fhir", "/record/fhir")


def application():
    way, person = asyncio.run(site(bundle(patient("p1", NUMBER), condition("c1", "p1"))))
    return application_of(way, person)


def cookie(who="DOCTOR"):
    written = Seal(SECRET_OF_SESSIONS).write(Session.begin(who, now=datetime.now(UTC)))
    return {"wholerecord": written}


def asked(app, base, examples, number):
    """Ask every operation so often; whatever is wrong is raised by the first that finds it."""
    schema = schemathesis.openapi.from_asgi(f"{base}/openapi.json", app)
    count = 0
    for one in schema.get_all_operations():
        operation = one.ok()
        for mode in GenerationMode:

            @seed(number)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case):
                nonlocal count
                count += 1
                answer = case.call(cookies=cookie(), headers={"Prefer": "respond-async"})
                case.validate_response(answer, checks=CHECKS)

            ask()
    return count


@pytest.mark.parametrize("base", BASES)
@pytest.mark.filterwarnings("ignore")  # schemathesis's own, of what it cannot generate
def test_no_request_that_the_description_allows_or_not_breaks_the_api(base):
    assert asked(application(), base, EXAMPLES, 1) > 10


def main():
    until = time.monotonic() + float(sys.argv[1])
    number = count = 0
    app = application()
    while time.monotonic() < until:
        number += 1
        for base in BASES:
            count += asked(app, base, 3, number)
        sys.stdout.write(f"{count} requests, round {number}: nothing wrong\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
