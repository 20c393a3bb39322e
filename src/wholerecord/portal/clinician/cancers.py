"""Cancers, each as a whole: the tumour, its stage, what came back and where it has spread to.

Of what may be shown to the reader alone. What can be of two tumours is listed with neither.
"""

from wholerecord.access import Opened
from wholerecord.care.titles import Titles, titles_of
from wholerecord.fold import Entry, Measure
from wholerecord.fold.whole_cancers import Measured, WholeCancer, cancer_of, whole_cancers
from wholerecord.portal.clinician.pregnancies import Episode
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared import cancers as say
from wholerecord.portal.shared import words
from wholerecord.portal.shared.links import Links


def cancers(opened: Opened, links: Links) -> tuple[Episode, ...]:
    """Every tumour that may be shown, newest first, and what is of none that is named."""
    found, titles = whole_cancers(opened.record), titles_of(opened.feeds)
    each = [_tumour(one, links, titles) for one in found.tumours]
    loose = (
        *(_line("", one, links) for one in found.loose),
        *(_measured(one, links) for one in found.loose_measured),
    )
    if loose and found.tumours:
        each.append(
            Episode(
                title="Of which cancer is not said",
                says="It can be of more than one"
                if len(found.tumours) > 1
                else "It names something else, or nothing that is shown here",
                lines=loose,
            )
        )
    elif loose:
        each.append(
            Episode(title="Where it began is not said", says="No first cancer is told", lines=loose)
        )
    return tuple(each)


def _tumour(one: WholeCancer, links: Links, titles: Titles) -> Episode:
    first, cancer = one.first, cancer_of(one.first)
    said = (
        f"first dated {words.day(first.when, 'on no day said')}",
        f"stage {stage}" if cancer and (stage := say.stages(cancer, titles)) else "",
        "in remission" if first.status == "remission" else "",
        words.listed(cancer.histologies) if cancer else "",
        f"said by {words.listed(titles.get(name, name) for name in first.sources)}",
    )
    return Episode(
        title=first.title,
        says=", ".join(part for part in said if part),
        lines=(
            _line("", first, links),
            *(_line("Came back: ", again, links) for again in one.recurrences),
            *(_line("Spread: ", spread, links) for spread in one.secondaries),
            *(_measured(measured, links) for measured in one.measured),
        ),
    )


def _line(before: str, entry: Entry, links: Links) -> Line:
    return Line(
        text=f"{before}{entry.title}",
        href=links.entry(entry),
        note=", ".join(filter(None, (words.day(entry.when), say.short(entry)))),
    )


def _measured(one: Measured, links: Links) -> Line:
    value = one.entry.detail.value if isinstance(one.entry.detail, Measure) else ""
    return Line(
        text=f"{one.tells}: {value}", href=links.entry(one.entry), note=words.day(one.entry.when)
    )
