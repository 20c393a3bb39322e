"""Wholerecord: one record for each person, from everything every source has said."""

from importlib.metadata import version

__version__ = version("wholerecord")
