"""The council's adult social care system: a CSV file each week, one row for each thing.

The columns follow the manner of adult social care client-level data; `SOURCE.columns` declares
what each means (`tables/social_care_columns.json`).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Diagnosis, Happening, Note, Service, Told
from wholerecord.demo.human import Known
from wholerecord.demo.tables import raw
from wholerecord.record import Source

SOURCE = Source(
    name="wharfedale-social-care",
    controller="9Z1",
    title="Wharfedale Council adult social care",
    setting="social-care",
    expected=timedelta(days=100),  # client-level data are sent each quarter
    columns=raw("social_care_columns"),
)
HEADER = (
    "Person ID",
    "NHS Number",
    "Title",
    "Surname",
    "Forenames",
    "Date of Birth",
    "Gender",
    "Address Line 1",
    "Address Line 2",
    "Postcode",
    "Telephone",
    "Record ID",
    "Record Type",
    "Category",
    "Description",
    "Start Date",
    "End Date",
    "Recorded On",
    "Worker",
    "Carer Telephone",
)
_WORKER = "Marcia Powell, social worker"


def deliveries(told: Iterable[Told], today: date) -> Iterator[Delivery]:
    """One file for each week in which something was recorded, sent the Monday after at 05:00.

    The last is this week's, sent by today, so that the feed is not silent.
    """
    in_order = sorted(told, key=lambda one: (one.what.at, one.what.id))
    for monday, week in groupby(in_order, key=lambda one: _monday_after(one.what.at, today)):
        sent = datetime.combine(monday, time(5), tzinfo=in_order[0].what.at.tzinfo)
        rows = [_row(one.who, one.what) for one in week]
        yield delivery(f"social care {monday:%Y-%m-%d}.csv", HEADER, rows, sent)


def delivery(
    name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]], sent: datetime
) -> Delivery:
    """A CSV file as the council writes it: a byte order mark, quotes where needed, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    body = out.getvalue().encode("utf-8-sig")
    return Delivery(source=SOURCE.name, door="file", name=name, body=body, sent=sent)


def _monday_after(at: datetime, today: date) -> date:
    monday = at.date() + timedelta(days=7 - at.weekday())
    return min(monday, today)


def _row(who: Known, what: Happening) -> tuple[str, ...]:
    home = who.said_home
    words, kind, category, until, phone = _said(what)
    return (
        who.number,
        who.said_nhs_number,
        who.human.prefix,
        who.said_family,
        " ".join(who.said_given),
        _day(who.said_born),
        who.human.sex.capitalize(),
        home.line if home else "",
        home.town if home else "",
        home.postcode if home else "",
        home.phone if home else "",
        what.id,
        kind,
        category,
        words,
        _day(_began(what)),
        _day(until) if until else "",
        f"{what.at:%d/%m/%Y %H:%M}",
        "" if kind == "Carer" else _WORKER,
        phone,
    )


def _began(what: Happening) -> date:
    return (what.onset if isinstance(what, Diagnosis) else None) or what.at.date()


def _said(what: Happening) -> tuple[str, str, str, date | None, str]:
    """Description, record type, category, end and carer's telephone."""
    match what:
        case Service():
            return what.words, "Service", what.kind, what.until, ""
        case Diagnosis():
            return what.words, "Health condition", "Health", what.ended, ""
        case Note():
            relation, phone = what.lines[0]
            return what.title, "Carer", relation, None, phone
        case _:
            raise TypeError(type(what).__name__)


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"
