"""CDA documents for tests, made of parts. All people are made up."""

from datetime import UTC, datetime

from wholerecord.intake import Kept, Reading, cda
from wholerecord.record import MessageId, read_json

V3 = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SNOMED = "2.16.840.1.113883.6.96"
TEMPLATE = "2.16.840.1.113883.10.20.22.4."
WHO = """<patientRole>
  <id root="1.2.3" extension="H77" assigningAuthorityName="RXX"/>
  <id root="2.16.840.1.113883.2.1.4.1" extension="999 000 0018"/>
  <addr use="HP"><streetAddressLine>14 Garden Row</streetAddressLine><city>Aire</city>
    <postalCode>LS2 9JT</postalCode></addr>
  <telecom value="tel:01632960001" use="HP"/><telecom value="mailto:ada@example.com"/>
  <patient>
    <name use="L"><prefix>Mrs</prefix><given>Ada</given><given>Mary</given>
      <family>Okafor</family></name>
    <administrativeGenderCode code="F"/><birthTime value="19480302"/>
    <languageCommunication><languageCode code="en"/></languageCommunication>
  </patient>
  <providerOrganization><id root="2.16.840.1.113883.2.1.3.2.4.19.1" extension="B86001"/>
    <name>Garden Surgery</name></providerOrganization>
</patientRole>"""
AUTHOR = """<author><time value="20260301"/><assignedAuthor><id root="1.9" extension="S1"/>
  <assignedPerson><name><prefix>Dr</prefix><given>Mina</given><family>Hale</family></name>
  </assignedPerson></assignedAuthor></author>"""


def document(*sections: str, who: str = WHO, head: str = "", body: str = "") -> bytes:
    """A document of these sections, or with this `component` instead."""
    inside = "".join(f"<component>{section}</component>" for section in sections)
    body = body or f"<component><structuredBody>{inside}</structuredBody></component>"
    return f"""<?xml version="1.0"?>
<ClinicalDocument {V3}>
  <id root="1.2.3.4" extension="D1"/>
  <code code="373942005" codeSystem="{SNOMED}" displayName="Discharge summary"/>
  <title>Discharge from Ward 4</title>
  <effectiveTime value="20260302101500+0000"/>
  {head}
  <recordTarget>{who}</recordTarget>{AUTHOR}{body}
</ClinicalDocument>""".encode()


def section(code: str, title: str, text: str, *entries: str) -> str:
    """A section with its narrative and entries."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>'
        f"<title>{title}</title><text>{text}</text>{inside}</section>"
    )


def act(observation: str, status: str = "active") -> str:
    """A concern act around an observation."""
    return (
        f'<act classCode="ACT" moodCode="EVN"><statusCode code="{status}"/>'
        f'<entryRelationship typeCode="SUBJ">{observation}</entryRelationship></act>'
    )


def value(code: str, display: str, system: str = SNOMED, inside: str = "") -> str:
    """A coded value."""
    return (
        f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{display}">'
        f"{inside}</value>"
    )


def read(body: bytes, name: str = "post"):
    """What the reader makes of it."""
    return cda.read(
        Kept(
            message=MessageId(1),
            source="s",
            name=name,
            body=body,
            received=datetime(2026, 3, 3, tzinfo=UTC),
        )
    )


def resources(body: bytes, kind: str):
    """The resources of a kind that a document says of its one patient."""
    reading = read(body)
    assert isinstance(reading, Reading), reading
    [patient] = reading.patients
    return [read_json(one.body) for one in patient.sayings if one.kind == kind]


def resource(body: bytes, kind: str):
    """The only resource of a kind."""
    [only] = resources(body, kind)
    return only
