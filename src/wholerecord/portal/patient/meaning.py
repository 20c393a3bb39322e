"""A few plain-English explanations, by SNOMED CT or LOINC code.

A demonstration: each would be signed by a clinician before anybody relied on it. The words are our
own; a code that is not here has no explanation rather than a guessed one.
"""

_MEANINGS = {
    # SNOMED CT
    "44054006": "Your body does not use insulin well, so there is too much sugar in your blood.",
    "230690007": "Part of the brain was without blood for a time.",
    "422504002": "A stroke caused by a blocked blood vessel in the brain.",
    "432504007": "A stroke caused by a blocked blood vessel in the brain.",
    "38341003": "High blood pressure.",
    "49436004": "An irregular heartbeat that starts in the upper part of the heart.",
    "709044004": "Your kidneys have not worked as well as they should for some time.",
    "433144002": "Your kidneys work at about half of what is usual, and have for some time.",
    "195967001": "Airways that tighten at times, so that breathing is hard.",
    "13645005": "Lungs that are damaged, so that breathing out is hard.",
    "22298006": "A heart attack: part of the heart was without blood for a time.",
    "84114007": "Your heart pumps less strongly than it should.",
    "91936005": "Penicillins are antibiotics. Tell anybody who gives you medicine.",
    # LOINC
    "59261-8": "Shows how high your blood sugar has been over the last two to three months.",
    "4548-4": "Shows how high your blood sugar has been over the last two to three months.",
    "2823-3": "A salt in your blood that the heart needs at the right level.",
    "2951-2": "A salt in your blood that keeps your water in balance.",
    "14682-9": "A waste product: how much is in your blood shows how the kidneys work.",
    "718-7": "The red substance in blood that carries oxygen.",
    "777-3": "Tiny parts of the blood that help it to clot.",
    "85354-9": "How hard your blood presses on its vessels, when the heart beats and rests.",
    "8867-4": "How often your heart beats in a minute.",
    "59408-5": "How much oxygen your blood carries.",
}


def meaning(code: str) -> str:
    """What a code means in plain words, or "" when nobody has written it."""
    return _MEANINGS.get(code, "")
