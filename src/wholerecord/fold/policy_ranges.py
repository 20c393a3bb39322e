"""Which rules a policy has, and what their values can be: the rest of each rule is a site's own."""

from dataclasses import dataclass

#: What the ids of the windows of single acute conditions begin with.
ACUTE = "conditions.acute-days."


@dataclass(frozen=True, slots=True)
class Field:
    """The field of `Policy` that a rule fills, and for a number the most it can be."""

    field: str
    most: int = 0


#: Rules that are numbers, of at least 0. A window of years joins what are two events.
NUMBERS = {
    "conditions.acute-days": Field("acute_default", 366),
    "conditions.unknown-days": Field("unknown_days", 366),
    "conditions.echo-days": Field("echo_days", 366),
    "conditions.history-days": Field("history_days", 366),
    "medicines.gap-days": Field("therapy_gap_days", 3660),
    "medicines.course-gap-days": Field("course_gap_days", 3660),
    "medicines.silence-days": Field("silence_days", 3660),
    "medicines.repeat-silence-days": Field("repeat_silence_days", 3660),
    "medicines.supply-days": Field("supply_days", 3660),
    "transfers.after-days": Field("transfer_days", 366),
    "transfers.shown-days": Field("transfer_shown_days", 3660),
    "immunisations.historic-days": Field("historic_days", 20),
    "immunisations.same-batch-days": Field("same_batch_days", 20),
    "pregnancy.overdue-days": Field("overdue_days", 42),
    "pregnancy.undated-days": Field("undated_days", 366),
    "pregnancy.due-apart-days": Field("due_apart_days", 90),
    "pregnancy.echo-days": Field("pregnancy_echo_days", 90),
    "pregnancy.postnatal-days": Field("postnatal_days", 366),
    "pregnancy.end-days": Field("end_days", 90),
    "cancer.recurrence-days": Field("recurrence_days", 3660),
    "cancer.recurrence-stay-days": Field("recurrence_stay_days", 366),
    "cancer.dates-days": Field("cancer_date_days", 3660),
    "procedures.days": Field("procedure_days", 366),
    "procedures.echo-days": Field("procedure_echo_days", 366),
    "encounters.stay-days": Field("stay_days", 366),
    "social.same-time-days": Field("habit_days", 3660),
    "documents.again-characters": Field("again_characters", 10_000),
    "every.clock-days": Field("clock_days", 31),
}
#: The most days of a single acute condition: longer than a pregnancy.
ACUTE_MOST = 366
#: Rules that are on or off.
SWITCHES = {"encounters.day-copies": Field("visit_day_copies")}
#: Rules that list concepts.
CONCEPT_LISTS = {
    "medicines.course-substances": Field("course_substances"),
    "medicines.by-product": Field("by_product"),
}
#: Rules that name a concept for each code.
CODES = {"conditions.history-codes": Field("history_codes")}
#: Rules that are tables from codes to sites or histologies.
TABLES = {
    "cancer.sites": Field("cancer_sites"),
    "cancer.histologies": Field("cancer_histologies"),
}
#: A site or a histology: the wider before the narrower, with slashes between.
PATH = r"[a-z]+(-[a-z]+)*(/[a-z]+(-[a-z]+)*){0,3}"
#: ICD-10 categories, perhaps with a digit after the point; ICD-O morphologies, one or from to.
KEYS = {"cancer.sites": r"[A-Z]\d\d(\.\d)?", "cancer.histologies": r"\d{4}(-\d{4})?"}
#: The most lines of a table.
TABLE_MOST = 500
