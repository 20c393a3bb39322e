"""How strokes and heart attacks are coded: by the hospital, closely, vaguely, and long after."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One form: how the hospital codes it, and general practice closely and vaguely."""

    hospital: tuple[str, ...]
    close: tuple[tuple[str, str], ...]
    vague: tuple[tuple[str, str], ...]
    history: tuple[str, str]
    words: tuple[str, ...]


_VAGUE_STROKE = (("Stroke", "230690007"), ("CVA", "230690007"))
_HISTORY_STROKE = ("History of stroke", "275526006")
_STROKE_WORDS = ("Stroke", "CVA", "Cerebrovascular accident")
STROKES = (
    (
        0.85,
        Form(
            ("I63.9", "I63.4", "I63.3"),
            (("Ischaemic stroke", "422504002"), ("Cerebral infarction", "422504002")),
            _VAGUE_STROKE,
            _HISTORY_STROKE,
            _STROKE_WORDS,
        ),
    ),
    (
        0.15,
        Form(
            ("I61.9", "I61.0"),
            (("Intracerebral haemorrhage", "274100004"),),
            _VAGUE_STROKE,
            _HISTORY_STROKE,
            _STROKE_WORDS,
        ),
    ),
)
_VAGUE_MI = (("Acute myocardial infarction", "57054005"), ("Heart attack", "22298006"))
_HISTORY_MI = ("History of myocardial infarction", "399211009")
_MI_WORDS = ("Heart attack", "Myocardial infarction")
INFARCTIONS = (
    (
        0.4,
        Form(
            ("I21.1", "I21.0"),
            (("ST elevation myocardial infarction", "401303003"),),
            _VAGUE_MI,
            _HISTORY_MI,
            _MI_WORDS,
        ),
    ),
    (
        0.6,
        Form(
            ("I21.4", "I21.9"),
            (("Non-ST elevation myocardial infarction", "401314000"),),
            _VAGUE_MI,
            _HISTORY_MI,
            _MI_WORDS,
        ),
    ),
)
