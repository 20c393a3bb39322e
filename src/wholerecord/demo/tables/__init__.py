"""The tables the made-up region is drawn from: written by hand, read once."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Every row of the CSV table `name`, as its header names the columns."""
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def value(name: str) -> Any:
    """What the JSON table `name` says."""
    return msgspec.json.decode((files(__name__) / f"{name}.json").read_bytes())


@cache
def raw(name: str) -> bytes:
    """The bytes of the JSON table `name`."""
    return (files(__name__) / f"{name}.json").read_bytes()


@cache
def areas() -> bytes:
    """The made-up look-up of areas and deprivation of the region's postcode districts."""
    return (files(__name__) / "areas.csv").read_bytes()
