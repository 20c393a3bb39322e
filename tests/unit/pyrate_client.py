"""What fhir-pyrate makes of the server at an address: run by test_fhir_clients.py, as a process.

A process of its own, for importing the library changes how the whole process logs and warns.
"""

import sys
from collections.abc import Mapping

import pandas as pd
import requests
from fhir_pyrate import Pirate

NHS = "https://fhir.nhs.uk/Id/nhs-number"
POTASSIUM = "http://loinc.org|2823-3"


def made(address: str, resource: Mapping[str, object]) -> str:
    """The id of the resource as created."""
    answer = requests.post(f"{address}/{resource['resourceType']}", json=resource, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def people(address: str) -> list[str]:
    """Two people, with twelve results and three."""
    ids = []
    for family, number, born, results in (
        ("Okafor", "9990000018", "1948-03-02", 12),
        ("Elsewhere", "9990000026", "1990-05-05", 3),
    ):
        person = {
            "resourceType": "Patient",
            "name": [{"family": family}],
            "identifier": [{"system": NHS, "value": number}],
            "birthDate": born,
        }
        ids.append(made(address, person))
        for n in range(results):
            result = {
                "resourceType": "Observation",
                "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
                "subject": {"reference": f"Patient/{ids[-1]}"},
                "effectiveDateTime": f"2026-03-{n + 1:02}",
                "valueQuantity": {"value": 4 + n, "unit": "mmol/L"},
            }
            made(address, result)
    return ids


def main() -> None:
    """Look at what was made, in each of the library's ways."""
    address = sys.argv[1]
    grace, other = people(address)
    with Pirate(address, auth=None, num_processes=1) as pirate:
        paths = [
            ("id", "id"),
            ("value", "valueQuantity.value"),
            ("date", "effectiveDateTime"),
            ("who", "subject.reference"),
        ]
        asked = {"patient": grace, "code": POTASSIUM, "_count": 5}
        pages = pirate.steal_bundles_to_dataframe("Observation", asked, fhir_paths=paths)
        assert sorted(pages["value"]) == [*range(4, 16)], pages
        assert len(set(pages["id"])) == 12
        assert pirate.get_bundle_total("Observation", {"patient": grace}) == 12
        flat = pirate.steal_bundles_to_dataframe("Patient", {"identifier": f"{NHS}|9990000018"})
        assert flat["name_0_family"].tolist() == ["Okafor"], flat
        both = pirate.trade_rows_for_dataframe(
            pd.DataFrame({"person": [grace, other]}),
            "Observation",
            {"patient": "person"},
            fhir_paths=paths,
        )
        assert both.groupby("person").size().to_dict() == {grace: 12, other: 3}
        early = pirate.sail_through_search_space_to_dataframe(
            "Observation",
            "date",
            "2026-03-01",
            "2026-03-06",
            request_params={"patient": grace},
            fhir_paths=paths,
        )
        assert sorted(early["date"]) == [f"2026-03-{n:02}" for n in range(1, 6)], early
    sys.stdout.write("five ways\n")


if __name__ == "__main__":
    main()
