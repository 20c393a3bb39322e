"""`wholerecord features`: a line for each person for machine learning, after two have looked."""

from pathlib import Path

import click

from wholerecord.cli import extracts
from wholerecord.research.extracts.cut import FEATURES, Wanted
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.source import read_study


@click.group()
def features() -> None:
    """Features for machine learning: asked, looked at by two, then taken."""


@features.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@extracts.project_option
@extracts.purpose_option
def ask(*, file: Path, project: str, purpose: str) -> None:
    """Ask for the features that the study in FILE names. They wait for two who did not ask.

    Exits with 1 until they are released: `wholerecord study status N` says how they stand.
    """
    lists: dict[str, bytes] = {}

    def read_list(name: str) -> bytes:
        try:
            lists[name] = (file.parent / name).read_bytes()
        except OSError:
            raise StudyWrong(f"There is no {name} beside the study.") from None
        return lists[name]

    raw = file.read_bytes()
    read_study(raw, read_list)
    try:
        said = raw.decode()
    except UnicodeDecodeError:
        raise StudyWrong("Save the file as UTF-8.") from None
    extracts.ask_for("features", project, purpose, Wanted(model=FEATURES, study=said), lists)


@features.command()
@click.argument("n", type=int)
@extracts.folder_argument
@extracts.project_option
@extracts.purpose_option
@extracts.csv_option
def export(*, n: int, folder: Path, project: str, purpose: str, csv: bool) -> None:
    """Write the released features N into FOLDER, which is made. Who opted out since is left out."""
    extracts.take(n, folder, project, purpose, csv=csv)
