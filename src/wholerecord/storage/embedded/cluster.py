"""A data folder: made once, whole or not at all."""

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from wholerecord.storage.embedded.binaries import major, programs, run_as
from wholerecord.storage.embedded.errors import DidNotStart, FolderRefused, OtherVersion

USER = "wholerecord"


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder, 0700, and what is where in it."""

    path: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.path / "postgresql"

    @property
    def log(self) -> Path:
        """What the server says. No statement and no row is ever in it."""
        return self.path / "server.log"

    @property
    def address(self) -> Path:
        """A file that names the folder of the server's socket."""
        return self.path / "socket"

    @property
    def password(self) -> str:
        """The database user's password."""
        return (self.path / "password").read_text("ascii").strip()

    def lock(self, name: str) -> Path:
        """The lock file of that name: see `locks`."""
        return self.path / f"{name}.lock"


def open_folder(path: Path) -> Folder:
    """The folder, made if it is not there, readable by nobody else.

    Raises:
        FolderRefused: the disk or its permissions forbid it.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_uid != os.geteuid():
            raise FolderRefused(f"{path} belongs to another user.")
        path.chmod(0o700)
    except OSError as error:
        raise FolderRefused(f"{path}: {error.strerror}.") from None
    return Folder(path.resolve())


def make(folder: Folder) -> None:
    """A database cluster in the folder, unless there is one. Made aside, then put in place.

    Raises:
        OtherVersion: it was made by another major version of PostgreSQL.
        DidNotStart: `initdb` failed.
    """
    if folder.data.exists():
        made_by = (folder.data / "PG_VERSION").read_text("ascii").strip()
        if made_by != major():
            raise OtherVersion(f"It is of version {made_by}, these programs are {major()}.")
        return
    making = folder.path / "making"
    try:
        shutil.rmtree(making, ignore_errors=True)  # what a killed program left half made
        making.mkdir(mode=0o700)
        run_as().own(making)
        _initdb(making, _new_password(folder.path / "password"))
        making.rename(folder.data)
        _sync(folder.path)
    except OSError as error:
        raise FolderRefused(f"{folder.path}: {error.strerror}.") from None


def seen_from_inside(data: Path) -> Path:
    """How a process started in `data` names it.

    A server that does not run as us cannot walk down to the folder, which only we may enter; but
    it is started in it, and the kernel's link to its own working directory needs no walking.
    """
    inside = Path("/proc/self/cwd")
    return inside if run_as().user is not None and inside.exists() else data


def _new_password(file: Path) -> Path:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as written:
        written.write(secrets.token_hex(24) + "\n")
        written.flush()
        os.fsync(written.fileno())
    return file


def _initdb(data: Path, password: Path) -> None:
    """Fill `data`. The password is handed over as an open file, so no path to it is needed."""
    given = password.with_name("password.initdb")
    shutil.copyfile(password, given)
    given.chmod(0o600)
    run_as().own(given)
    with given.open("rb") as handed:
        given.unlink()
        done = run_as().run(
            [
                str(programs() / "initdb"),
                f"--pgdata={seen_from_inside(data)}",
                f"--username={USER}",
                f"--pwfile=/dev/fd/{handed.fileno()}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ],
            cwd=data,
            hand_down=(handed.fileno(),),
        )
    if done.returncode != 0:
        raise DidNotStart(done.stdout.decode(errors="replace")[-1000:])


def _sync(folder: Path) -> None:
    """Make the folder's own entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
