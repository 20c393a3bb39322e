"""The room where letters are opened: one other process for each process that reads.

It starts when a letter comes and then stays, because starting costs more than most letters. The
kernel ends it when a letter takes too long (`SIGALRM`) or too much memory (`RLIMIT_AS`); the next
letter gets another. It ends by itself when the process that started it does.
"""

import atexit
import os
import signal
import struct
import subprocess
import sys
import threading
from typing import IO

import msgspec

#: Frames: how long a letter's kind and body are, and how long the answer is.
ASKED, ANSWERED = struct.Struct(">HI"), struct.Struct(">I")
_LARGEST = 64 * 1024 * 1024
_TOO_LARGE = "It is too large to be read."
_TOO_LONG = "It takes too long to be read."
_BROKEN = "It cannot be read: it is damaged, or asks for too much memory."


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What was read: words, or why not; and the date that the file itself says."""

    words: str = ""
    unread: str = ""
    made: str = ""


class Room:
    """Asks the other process; starts it when there is none. One letter at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, kind: str, body: bytes) -> tuple[str, str, str]:
        """(words, why there are none, date) of a letter. Never raises."""
        if len(body) > _LARGEST:
            return "", _TOO_LARGE, ""
        with self._lock:
            try:
                answer = self._ask(kind.encode(), body)
            except OSError:
                answer = None
            if answer is None:
                return "", self._ended(), ""
        return answer.words, answer.unread, answer.made

    def _ask(self, kind: bytes, body: bytes) -> Answer | None:
        process = self._there()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            return None
        stdin.write(ASKED.pack(len(kind), len(body)) + kind)
        stdin.write(body)
        stdin.flush()
        head = stdout.read(ANSWERED.size)
        if len(head) < ANSWERED.size:
            return None
        (length,) = ANSWERED.unpack(head)
        said = stdout.read(length)
        try:
            return msgspec.msgpack.decode(said, type=Answer)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    def _there(self) -> subprocess.Popen[bytes]:
        """The other process: this process's own, and alive."""
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # it is that of the process we were copied from
        if self._process is not None and self._process.poll() is not None:
            self._ended()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "wholerecord.intake.letters.reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
        return self._process

    def _ended(self) -> str:
        """Why the other process gave no answer; it is gone afterwards."""
        process, self._process = self._process, None
        if process is None:
            return _BROKEN
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        return _TOO_LONG if process.returncode == -signal.SIGALRM else _BROKEN

    def close(self) -> None:
        """End the other process, if there is one."""
        with self._lock:
            if self._process is not None and self._owner == os.getpid():
                self._process.kill()
                self._ended()


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:  # what was not sent to a process that is gone
        return


#: The room of this process.
ROOM = Room()
atexit.register(ROOM.close)
