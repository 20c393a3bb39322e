"""The tables of the model that are written, with their columns in order; `!` says required.

Source: OMOP CDM v5.4, OMOP_CDMv5.4_Field_Level.csv: cdmFieldName, isRequired, cdmDatatype.
"""

from dataclasses import dataclass
from types import MappingProxyType

_TYPES = {"i": "BIGINT", "d": "DATE", "t": "TIMESTAMP", "f": "DOUBLE", "s": "VARCHAR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column: `type` is DuckDB's word."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A table. `start` and `end` name the days that must be in order, "" where there are none."""

    name: str
    fields: tuple[Field, ...]
    start: str = ""
    end: str = ""


def _form(name: str, fields: str, start: str = "", end: str = "") -> Form:
    """A table of `name:type` words."""
    made = [
        Field(name=word.split(":")[0], type=_TYPES[word[-1]], required=":!" in word)
        for word in fields.split()
    ]
    return Form(name=name, fields=tuple(made), start=start, end=end)


#: Every table that is written, by its name.
FORMS = MappingProxyType(
    {
        one.name: one
        for one in (
            _form(
                "person",
                "person_id:!i gender_concept_id:!i year_of_birth:!i month_of_birth:i"
                " day_of_birth:i birth_datetime:t race_concept_id:!i ethnicity_concept_id:!i"
                " location_id:i provider_id:i care_site_id:i person_source_value:s"
                " gender_source_value:s gender_source_concept_id:i race_source_value:s"
                " race_source_concept_id:i ethnicity_source_value:s ethnicity_source_concept_id:i",
            ),
            _form(
                "observation_period",
                "observation_period_id:!i person_id:!i observation_period_start_date:!d"
                " observation_period_end_date:!d period_type_concept_id:!i",
                "observation_period_start_date",
                "observation_period_end_date",
            ),
            _form(
                "visit_occurrence",
                "visit_occurrence_id:!i person_id:!i visit_concept_id:!i visit_start_date:!d"
                " visit_start_datetime:t visit_end_date:!d visit_end_datetime:t"
                " visit_type_concept_id:!i provider_id:i care_site_id:i visit_source_value:s"
                " visit_source_concept_id:i admitted_from_concept_id:i"
                " admitted_from_source_value:s discharged_to_concept_id:i"
                " discharged_to_source_value:s preceding_visit_occurrence_id:i",
                "visit_start_date",
                "visit_end_date",
            ),
            _form(
                "condition_occurrence",
                "condition_occurrence_id:!i person_id:!i condition_concept_id:!i"
                " condition_start_date:!d condition_start_datetime:t condition_end_date:d"
                " condition_end_datetime:t condition_type_concept_id:!i"
                " condition_status_concept_id:i stop_reason:s provider_id:i visit_occurrence_id:i"
                " visit_detail_id:i condition_source_value:s condition_source_concept_id:i"
                " condition_status_source_value:s",
                "condition_start_date",
                "condition_end_date",
            ),
            _form(
                "drug_exposure",
                "drug_exposure_id:!i person_id:!i drug_concept_id:!i drug_exposure_start_date:!d"
                " drug_exposure_start_datetime:t drug_exposure_end_date:!d"
                " drug_exposure_end_datetime:t verbatim_end_date:d drug_type_concept_id:!i"
                " stop_reason:s refills:i quantity:f days_supply:i sig:s route_concept_id:i"
                " lot_number:s provider_id:i visit_occurrence_id:i visit_detail_id:i"
                " drug_source_value:s drug_source_concept_id:i route_source_value:s"
                " dose_unit_source_value:s",
                "drug_exposure_start_date",
                "drug_exposure_end_date",
            ),
            _form(
                "procedure_occurrence",
                "procedure_occurrence_id:!i person_id:!i procedure_concept_id:!i"
                " procedure_date:!d procedure_datetime:t procedure_end_date:d"
                " procedure_end_datetime:t procedure_type_concept_id:!i modifier_concept_id:i"
                " quantity:i provider_id:i visit_occurrence_id:i visit_detail_id:i"
                " procedure_source_value:s procedure_source_concept_id:i modifier_source_value:s",
                "procedure_date",
                "procedure_end_date",
            ),
            _form(
                "measurement",
                "measurement_id:!i person_id:!i measurement_concept_id:!i measurement_date:!d"
                " measurement_datetime:t measurement_time:s measurement_type_concept_id:!i"
                " operator_concept_id:i value_as_number:f value_as_concept_id:i"
                " unit_concept_id:i range_low:f range_high:f provider_id:i visit_occurrence_id:i"
                " visit_detail_id:i measurement_source_value:s measurement_source_concept_id:i"
                " unit_source_value:s unit_source_concept_id:i value_source_value:s"
                " measurement_event_id:i meas_event_field_concept_id:i",
            ),
            _form(
                "death",
                "person_id:!i death_date:!d death_datetime:t death_type_concept_id:i"
                " cause_concept_id:i cause_source_value:s cause_source_concept_id:i",
            ),
            _form(
                "condition_era",
                "condition_era_id:!i person_id:!i condition_concept_id:!i"
                " condition_era_start_date:!d condition_era_end_date:!d"
                " condition_occurrence_count:i",
                "condition_era_start_date",
                "condition_era_end_date",
            ),
            _form(
                "drug_era",
                "drug_era_id:!i person_id:!i drug_concept_id:!i drug_era_start_date:!d"
                " drug_era_end_date:!d drug_exposure_count:i gap_days:i",
                "drug_era_start_date",
                "drug_era_end_date",
            ),
            _form(
                "cdm_source",
                "cdm_source_name:!s cdm_source_abbreviation:!s cdm_holder:!s source_description:s"
                " source_documentation_reference:s cdm_etl_reference:s source_release_date:!d"
                " cdm_release_date:!d cdm_version:s cdm_version_concept_id:!i"
                " vocabulary_version:!s",
            ),
        )
    }
)
