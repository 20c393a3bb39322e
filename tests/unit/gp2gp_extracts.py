"""GP2GP extracts written by hand for tests, from the published structure of the message."""

SNOMED = "2.16.840.1.113883.2.1.3.2.4.15"
READ2 = "2.16.840.1.113883.2.1.6.2"
NOBODY = "00000000-0000-4000-8000-00000000000"


def cd(name, code, words, system=SNOMED, inside=""):
    return f'<{name} code="{code}" codeSystem="{system}" displayName="{words}">{inside}</{name}>'


def when(value):
    return f'<effectiveTime><center value="{value}"/></effectiveTime>'


def act(
    name, id, *inside, time="20260301", cls="OBS", mood="EVN", status="COMPLETE", attributes=""
):
    """One statement: its id, what it says, its status and when it was written down."""
    return (
        f'<component typeCode="COMP"><{name} classCode="{cls}" moodCode="{mood}"{attributes}>'
        f'<id root="{id}"/>{"".join(inside)}<statusCode code="{status}"/>'
        f'<availabilityTime value="{time}"/></{name}></component>'
    )


def observation(id, code, *more, **how):
    return act("ObservationStatement", id, code, *more, **how)


def narrative(id, words, *more, **how):
    return act("NarrativeStatement", id, f"<text>{words}</text>", *more, **how)


def compound(id, code, *inside, cls="CLUSTER", **how):
    return act("CompoundStatement", id, code, *inside, cls=cls, **how)


def quantity(value, unit):
    return (
        f'<value xsi:type="PQ" value="{value}" unit="1"><translation value="{value}">'
        f"<originalText>{unit}</originalText></translation></value>"
    )


def medicine(id, supply, *, mood="INT", dosage="One each day", extra=""):
    material = cd("code", "319773006", "Aspirin 75mg dispersible tablets")
    return act(
        "MedicationStatement",
        id,
        "<effectiveTime><low value='20260301'/></effectiveTime>"
        "<consumable><manufacturedProduct><manufacturedMaterial>"
        f"{material}</manufacturedMaterial></manufacturedProduct></consumable>",
        f"<component>{supply}</component>{extra}",
        "<pertinentInformation><pertinentMedicationDosage>"
        f"<text>{dosage}</text></pertinentMedicationDosage></pertinentInformation>",
        cls="SBADM",
        mood=mood,
    )


def authorise(id, *, repeats=6, status="ACTIVE"):
    return (
        f'<ehrSupplyAuthorise><id root="{id}"/><statusCode code="{status}"/>'
        '<effectiveTime><low value="20260301"/><high value="20260901"/></effectiveTime>'
        f'<availabilityTime value="20260301"/><repeatNumber value="{repeats}"/>'
        '<quantity value="28" unit="1"><translation value="28"><originalText>tablet'
        "</originalText></translation></quantity><pertinentInformation>"
        "<pertinentSupplyAnnotation><text>Expected Supply Duration: 28 day</text>"
        "</pertinentSupplyAnnotation></pertinentInformation></ehrSupplyAuthorise>"
    )


def prescribe(id, of):
    return (
        f'<ehrSupplyPrescribe><id root="{id}"/><statusCode code="COMPLETE"/>'
        f'<availabilityTime value="20260302"/><inFulfillmentOf><priorMedicationRef>'
        f'<id root="{of}"/></priorMedicationRef></inFulfillmentOf></ehrSupplyPrescribe>'
    )


def discontinue(of):
    return (
        '<component><ehrSupplyDiscontinue><id root="STOP"/><code nullFlavor="UNK">'
        "<originalText>Bleeding</originalText></code><availabilityTime value='20260310'/>"
        f'<reversalOf><priorMedicationRef><id root="{of}"/></priorMedicationRef></reversalOf>'
        "</ehrSupplyDiscontinue></component>"
    )


def problem(id, named, *about, code="394774009", words="Active Problem", high=""):
    refs = "".join(
        f'<component><statementRef><id root="{one}"/></statementRef></component>' for one in about
    )
    qualifier = (
        f'<qualifier><name code="386134007" codeSystem="{SNOMED}" displayName="Significant"/>'
        "</qualifier>"
    )
    time = f'<effectiveTime><low value="2019"/>{high}</effectiveTime>'
    name = (
        f'<conditionNamed><namedStatementRef><id root="{named}"/></namedStatementRef>'
        "</conditionNamed>"
    )
    return act("LinkSet", id, cd("code", code, words, inside=qualifier), time, refs, name)


def composition(*statements, n=1, code="24591000000103", more=""):
    return (
        '<component><ehrComposition classCode="COMPOSITION" moodCode="EVN">'
        f'<id root="C{n}"/>{cd("code", code, "Other report")}<statusCode code="COMPLETE"/>'
        f'{when("20260301094500")}<availabilityTime value="20260301094500"/>'
        '<author><time value="20260301"/><agentRef><id root="A1"/></agentRef></author>'
        f"{more}{''.join(statements)}</ehrComposition></component>"
    )


def extract(*compositions, number="9990000018", interaction="RCMR_IN030000UK06"):
    """A whole message."""
    return (
        f'<{interaction} xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><id root="M1"/>'
        '<creationTime value="20260303120000"/><ControlActEvent><subject>'
        '<EhrExtract classCode="EXTRACT" moodCode="EVN"><id root="E1"/>'
        '<availabilityTime value="20260303120000"/><recordTarget><patient>'
        f'<id root="2.16.840.1.113883.2.1.4.1" extension="{number}"/></patient></recordTarget>'
        '<component><ehrFolder><id root="F1"/><responsibleParty><agentDirectory><part><Agent>'
        '<id root="A1"/><code nullFlavor="UNK"><originalText>GP</originalText></code>'
        "<agentPerson><name><prefix>Dr</prefix><given>Ann</given><family>Example</family></name>"
        "</agentPerson></Agent></part></agentDirectory></responsibleParty>"
        f"{''.join(compositions)}</ehrFolder></component></EhrExtract></subject>"
        f"</ControlActEvent></{interaction}>"
    ).encode()
