"""Releases as files: written once, mapped into memory by every process, switched atomically."""

from wholerecord.terms.release.read import Damaged, Release
from wholerecord.terms.release.shelf import Loaded, LoadUnderWay, Shelf

__all__ = ["Damaged", "LoadUnderWay", "Loaded", "Release", "Shelf"]
