"""The text in a letter, where there is text: never raises, bounded in time and memory.

What a stranger's file does to the program that opens it is not known, so PDF, RTF and DOCX are
opened by another process, which is ended when it takes too long or too much (`room`).
"""

from dataclasses import dataclass

from wholerecord.intake.letters.kinds import DOCX, PDF, PLAIN, RTF, called, media_of
from wholerecord.intake.letters.room import ROOM

#: Characters of text kept of one letter; the letter itself is kept whole.
MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What was read: `words`, or `unread` why there are none. `made` is the date in its own data.

    `media` is what the file is, whatever it was called.
    """

    media: str
    words: str = ""
    unread: str = ""
    made: str = ""


def text_in(body: bytes, media: str = "") -> Text:
    """The text in a letter; `media` is what its sender calls it."""
    kind = media_of(body) or media.partition(";")[0].strip().lower()
    if kind in {PDF, RTF, DOCX}:
        words, unread, made = ROOM.read(kind, body)
        return Text(media=kind, words=words, unread=unread, made=made)
    if kind.startswith("text/") and kind not in {"text/html", "text/xml", "text/rtf"}:
        words, encoding = plain(body)
        return Text(media=PLAIN + encoding, words=words[:MOST])
    if kind.startswith("image/"):
        return Text(media=kind, unread=f"It is {called(kind)}: its words are not read.")
    return Text(media=kind, unread=f"It is {called(kind)}: it is not read.")


def plain(body: bytes) -> tuple[str, str]:
    r"""Plain text, and its encoding where that is not UTF-8: UTF-16 by its mark, else Windows-1252.

    >>> plain(b"Dear Dr \xc9lan")
    ('Dear Dr Élan', ';charset=windows-1252')
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").strip(), ";charset=utf-16"
    try:
        return body.decode("utf-8-sig").strip(), ""
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").strip(), ";charset=windows-1252"
