"""From the files of a published release to its content: one module for each kind."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wholerecord.terms.content import Content
from wholerecord.terms.loading.classification import read_icd10, read_opcs4
from wholerecord.terms.loading.codelist import read_codelist
from wholerecord.terms.loading.dmd import read_dmd
from wholerecord.terms.loading.files import Given
from wholerecord.terms.loading.loinc import read_loinc
from wholerecord.terms.loading.ods import read_ods
from wholerecord.terms.loading.read_codes import read_ctv3, read_readv2
from wholerecord.terms.loading.rf2 import read_snomed
from wholerecord.terms.loading.ucum import read_ucum

__all__ = ["KINDS", "Given", "read_release"]

#: How each kind of release is read.
KINDS: Mapping[str, Callable[[Given], Content]] = {
    "snomed": read_snomed,
    "dmd": read_dmd,
    "icd10": read_icd10,
    "opcs4": read_opcs4,
    "loinc": read_loinc,
    "read2": read_readv2,
    "ctv3": read_ctv3,
    "ucum": read_ucum,
    "ods": read_ods,
    "codelist": read_codelist,
}


def read_release(
    kind: str, paths: Sequence[Path], *, version: str = "", system: str = ""
) -> Content:
    """The content of a release that lies in files or folders (a ZIP is unpacked first, by hand).

    Raises:
        BadRelease: a file is missing, or is not as its kind has it; the message says which.
    """
    return KINDS[kind](Given(paths=tuple(paths), version=version, system=system))
