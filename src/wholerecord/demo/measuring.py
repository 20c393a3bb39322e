"""What measuring somebody gives: around what is usual, shifted by their conditions, over years.

The shifts (`tables/shifts.json`: units at onset of treatment, units a year since) make trends look
plausible on a chart. They are made up for the demonstration and say nothing about any disease.
"""

from random import Random
from typing import Any

from wholerecord.demo.happening import Result
from wholerecord.demo.tables import value


class Measuring:
    """One human's measurements: a level of their own for each measure, kept over time."""

    def __init__(self, rng: Random, conditions: frozenset[str], age: int) -> None:
        self._rng = rng
        self._age = age
        self._shifts: dict[str, list[tuple[float, float]]] = {}
        for condition in sorted(conditions):
            for measure, (level, yearly) in value("shifts").get(condition, {}).items():
                self._shifts.setdefault(measure, []).append((level, yearly))
        self._levels: dict[str, float] = {}

    def result(self, measure: str, years_ago: float, *, worse: float = 0.0) -> Result:
        """The measure as it was `years_ago`; `worse` adds so many usual spreads."""
        if measure == "blood-pressure":
            parts = tuple(
                (part, self._written(part, years_ago, worse)) for part in ("systolic", "diastolic")
            )
            return Result(measure=measure, value="", parts=parts)
        return Result(measure=measure, value=self._written(measure, years_ago, worse))

    def panel(self, title: str, years_ago: float, *, worse: float = 0.0) -> tuple[Result, ...]:
        """Every measure of a panel."""
        measures = value("panels")[title]["measures"]
        return tuple(self.result(measure, years_ago, worse=worse) for measure in measures)

    def _written(self, measure: str, years_ago: float, worse: float) -> str:
        about = value("measures")[measure]
        number = self._level(measure, about) + self._rng.gauss(worse, 0.45) * about["spread"]
        for level, yearly in self._shifts.get(measure, ()):
            number += level + yearly * (6 - min(years_ago, 6)) / 2
        least = {"oxygen-saturation": 84, "egfr": 8, "news2": 0, "gcs": 3}.get(measure, 0.1)
        most = {"oxygen-saturation": 100, "egfr": 90, "news2": 20, "gcs": 15}.get(measure, 9999)
        return f"{min(max(number, least), most):.{about['places']}f}"

    def _level(self, measure: str, about: dict[str, Any]) -> float:
        if measure not in self._levels:
            usual = about["usual"]
            if self._age < 16 and measure in {"weight", "peak-flow"}:
                usual = {"weight": 4 + 2.9 * self._age, "peak-flow": 60 + 24 * self._age}[measure]
            spread: float = {"weight": 13, "bmi": 3, "height": 9}.get(measure, 0) or about["spread"]
            self._levels[measure] = self._rng.gauss(usual, spread)
        return self._levels[measure]
