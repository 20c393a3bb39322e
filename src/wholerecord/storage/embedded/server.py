"""The server process: started detached, found again, stopped."""

import os
import shutil
import signal
import socket
import tempfile
import time
from pathlib import Path

from wholerecord.storage.embedded.binaries import programs, run_as
from wholerecord.storage.embedded.cluster import USER, Folder, seen_from_inside
from wholerecord.storage.embedded.errors import DidNotStart, Unreachable
from wholerecord.storage.embedded.locks import Lock

#: Bytes a socket's path may have: sun_path of Linux, less the final NUL.
_LONGEST = 107
_SOCKET = ".s.PGSQL.5432"
#: Seconds a server may take to recover after a crash: it replays up to max_wal_size.
_RECOVERY = 300.0
#: Seconds a server that we did not start may take until it answers.
_FOREIGN = 60.0
_PAUSE = 0.005
#: Seconds a live server may take to reply; a connection to a dying one may be made and not kept.
_REPLY = 2.0
#: SSLRequest: a question any server answers, with one letter, before it asks who we are.
#: Source: PostgreSQL documentation, "Message Formats".
_ANYBODY = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
#: Bytes of log kept from one start to the next.
_LONG_LOG = 10_000_000

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "max_locks_per_transaction": "256",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement, or the detail of an error, can hold a patient's data: neither is logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",
}


def ensure_running(folder: Folder) -> None:
    """Start the server, or find the one that runs: another program's, or one left behind.

    Raises:
        Unreachable: a server has the folder and does not answer here.
        DidNotStart: it said why in its log, whose end is in the message.
    """
    with Lock(folder.lock("server")) as server:
        until = time.monotonic() + _FOREIGN
        while not server.take():
            if answers(folder):
                return
            if time.monotonic() > until:
                raise Unreachable(str(folder.path))
            time.sleep(_PAUSE)
        # Nobody of a former server is left, so what it left behind means nothing. PostgreSQL
        # itself would wait while its process id is anybody's, a zombie's too.
        (folder.data / "postmaster.pid").unlink(missing_ok=True)
        (_socket_folder(folder) / f"{_SOCKET}.lock").unlink(missing_ok=True)
        _start(folder, server)


def stop_server(folder: Folder) -> None:
    """Stop the server, if one runs, and wait until it is gone. Open transactions are undone."""
    with Lock(folder.lock("server")) as server:
        if server.take():
            return
        if (pid := process(folder)) is not None:
            os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" shutdown
        if not server.wait(_FOREIGN):
            raise Unreachable(str(folder.path))
    where = _socket_folder(folder)
    if where != folder.data:
        shutil.rmtree(where, ignore_errors=True)
    folder.address.unlink(missing_ok=True)


def process(folder: Folder) -> int | None:
    """The server's process id, where its own note of it can be read."""
    try:
        return int((folder.data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def answers(folder: Folder) -> bool:
    """Whether a server takes connections here."""
    try:
        noted = (folder.data / "postmaster.pid").read_text("utf-8").split("\n")
    except OSError:
        return False
    if len(noted) < 8 or noted[7].strip() != "ready":  # line 8: see PostgreSQL's miscadmin.h
        return False
    with socket.socket(socket.AF_UNIX) as reached:
        reached.settimeout(_REPLY)
        try:
            reached.connect(str(_socket_folder(folder) / _SOCKET))
            reached.sendall(_ANYBODY)
            return reached.recv(1) != b""
        except OSError:
            return False


def url(folder: Folder) -> str:
    """How to connect, password included: keep it out of logs."""
    where = _socket_folder(folder).as_posix()
    return f"postgresql://{USER}:{folder.password}@/postgres?host={where}"


def _start(folder: Folder, server: Lock) -> None:
    where = _choose_socket_folder(folder)
    settings = _SETTINGS | {
        "unix_socket_directories": "." if where == folder.data else where.as_posix()
    }
    if folder.log.exists() and folder.log.stat().st_size > _LONG_LOG:
        folder.log.replace(folder.log.with_suffix(".log.1"))
    with folder.log.open("ab") as log:
        said = log.tell()
        # Through a shell that ends at once: the server is nobody's child and leaves no zombie.
        run_as().run(
            [
                *("/bin/sh", "-c", '"$@" &', "sh"),
                str(programs() / "postgres"),
                *("-D", str(seen_from_inside(folder.data))),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            cwd=folder.data,
            hand_down=(server.fd,),
            log=log,
        )
    server.close()  # the server holds the lock now
    _until_it_answers(folder, said)


def _until_it_answers(folder: Folder, said: int) -> None:
    """Wait for the server just started. `said` is where its log began."""
    until = time.monotonic() + _RECOVERY
    while not answers(folder):
        with Lock(folder.lock("server")) as probe:
            if probe.take():  # it is gone
                raise DidNotStart(folder.log.read_bytes()[said:][-1000:].decode(errors="replace"))
        if time.monotonic() > until:
            raise Unreachable(str(folder.path))
        time.sleep(_PAUSE)


def _socket_folder(folder: Folder) -> Path:
    """Where the server's socket is: in its data, unless that path is too long for a socket."""
    try:
        return Path(folder.address.read_text("utf-8"))
    except OSError:
        return folder.data


def _choose_socket_folder(folder: Folder) -> Path:
    """Decide where the next server's socket is, and note it."""
    where = folder.data
    if len(os.fsencode(where / _SOCKET)) > _LONGEST:
        where = _socket_folder(folder)  # as before, so that programs find it again
        if where == folder.data or not where.exists():
            where = Path(tempfile.mkdtemp(prefix="wholerecord-"))
            run_as().own(where)
    folder.address.write_text(str(where), "utf-8")
    return where
