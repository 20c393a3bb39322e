"""Pathology interchanges written by hand for tests."""

HEAD = "UNA:+.? '\nUNB+UNOC:3+LAB1:80+GP1:80+260302:0915+7++MEDRPT++1'\n"

TESTS = (
    "GIS+N'INV+MQ+424..:911::Full blood count'SEQ++1'RFF+ASL:1'",
    (
        "GIS+N'INV+MQ+423..:911::Haemoglobin'RSL+NV+9.50++:::g/dL+LO'STS++FI'"
        "FTX+SPC+++Repeated:once'RFF+ARL:1'S20+20'RND+U+11.5+16.5'"
    ),
    "GIS+N'INV+MQ+42R4.:911::Serum ferritin'RSL+NV+5:7++:::ng/mL'RFF+ASL:1'",
)


def message(
    *,
    n=1,
    person="PNA+PAT+9990000018:OPI+++SU:OKAFOR+FO:GRACE+TI:MRS'",
    tests=TESTS,
    report="15/CH1",
    status="UN",
    own="",
    specimens="S16+16'SEQ++1'SPC+TSP+:::Venous blood'RFF+STI:CH1A'DTM+SCO:202603010930:203'"
    "DTM+SRI:202603011200:203'",
    kind="MEDRPT:0:1:RT:NHS003",
    count=None,
    ends=None,
):
    """One message, its UNT right unless `count` or `ends` (its reference) say otherwise."""
    body = (
        f"UNH+{n}+{kind}'BGM+LSR'DTM+137:202603020915:203'"
        "S01+01'NAD+PO+G1234567:900++DR A EXAMPLE'SPR+PRO'S01+01'NAD+PO+A12345:901'SPR+ORG'"
        "S01+01'NAD+SLA+++Haematology'SPR+DPT'"
        "S01+01'NAD+SLA+++Southern Example Pathology Network :Laboratory'SPR+ORG'"
        f"S02+02'GIS+N'RFF+SRI:{report}'STS++{status}'DTM+ISR:202603020900:203'"
        f"S06+06'{own}ADR++US:1 HIGH STREET:LEEDS++LS2 9JT'"
        f"S07+07'{person}DTM+329:19480302:102'PDI+2'"
        "S10+10'CIN+UN'FTX+CID+++TIRED ALL THE TIME'"
        f"{specimens}{''.join(tests)}"
    )
    counted = body.replace("?'", "").count("'") + 1 if count is None else count
    return f"{body}UNT+{counted}+{n if ends is None else ends}'"


def interchange(*messages, head=HEAD, count=None, reference="7"):
    """The messages with a header and a trailer that is right unless it is told otherwise."""
    number = len(messages) if count is None else count
    return f"{head}{''.join(messages)}UNZ+{number}+{reference}'\n".encode("latin-1")
