"""The OMOP vocabularies that a site has loaded, from the files that Athena gives.

Source: OHDSI Athena, download: CONCEPT.csv, CONCEPT_RELATIONSHIP.csv and CONCEPT_ANCESTOR.csv, with
tabs between the columns. They hold SNOMED CT and others under their own licences, so none is
shipped; without them every concept id is 0 and the source's code is there all the same.
"""

from pathlib import Path
from shutil import rmtree

import duckdb

from wholerecord.errors import Incorrect, NotFound
from wholerecord.research.arrow import pq
from wholerecord.research.omop.queries import QUERIES

#: The files, each with the query that reads it and what it is kept as.
_FILES = (
    ("CONCEPT.csv", "read_concepts", "concept", True),
    ("CONCEPT_RELATIONSHIP.csv", "read_maps", "maps_to", True),
    ("CONCEPT_ANCESTOR.csv", "read_ancestors", "ancestor", False),
)
NONE = "none loaded: every concept id is 0"


class BadVocabulary(Incorrect):
    """These are not the vocabulary files of OHDSI Athena."""


def load_vocabulary(source: Path, folder: Path, *, version: str) -> dict[str, int]:
    """Read the files of a folder and keep what is needed of them in `folder`; rows of each.

    Raises:
        NotFound: a file is missing.
        BadVocabulary: one cannot be read.
    """
    making = folder.with_name(f".{folder.name}.making")
    rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    rows: dict[str, int] = {}
    try:
        with duckdb.connect() as engine:
            for file, query, name, needed in _FILES:
                path = source / file
                if not path.is_file():
                    if needed:
                        raise NotFound(f"There is no {file} in that folder.")
                    continue
                engine.sql(QUERIES[query], params=[str(path)]).write_parquet(
                    str(making / f"{name}.parquet")
                )
                kept = engine.read_parquet(str(making / f"{name}.parquet"))
                kept.create(name)
                rows[name] = pq.read_metadata(making / f"{name}.parquet").num_rows
        (making / "version").write_text(version + "\n", encoding="utf-8")
        rmtree(folder, ignore_errors=True)
        making.rename(folder)
    except duckdb.Error:
        raise BadVocabulary("A file is not as Athena writes it: unpack it again.") from None
    finally:
        rmtree(making, ignore_errors=True)
    return rows


def take_vocabulary(engine: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Put the loaded vocabularies, or empty ones, into `engine`; their version in words."""
    engine.execute(QUERIES["empty_vocabulary"])
    if not (folder / "version").is_file():
        return NONE
    for _, _, name, _ in _FILES:
        file = folder / f"{name}.parquet"
        if file.is_file():
            engine.read_parquet(str(file)).insert_into(name)
    return (folder / "version").read_text(encoding="utf-8").strip()
