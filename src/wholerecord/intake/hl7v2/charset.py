"""A message's bytes as text, in the character set its MSH-18 names.

Source: HL7 v2.5.1 section 2.15.9.18 and table 0211. A message that names none should be ASCII; one
that is not is read as UTF-8 and, where it is not that either, as Windows-1252, which is what the
systems send that do not say. One that names a set is read in that set or not at all.
"""

import re

from wholerecord.intake.reading import Fault, Reason

_CODECS = {
    "": "",
    "ASCII": "ascii",
    "8859/1": "iso-8859-1",
    "8859/2": "iso-8859-2",
    "8859/3": "iso-8859-3",
    "8859/4": "iso-8859-4",
    "8859/5": "iso-8859-5",
    "8859/6": "iso-8859-6",
    "8859/7": "iso-8859-7",
    "8859/8": "iso-8859-8",
    "8859/9": "iso-8859-9",
    "8859/15": "iso-8859-15",
    "ISO IR6": "ascii",
    "ISO IR14": "iso2022_jp",
    "ISO IR87": "iso2022_jp",
    "ISO IR159": "iso2022_jp_1",
    "GB 18030-2000": "gb18030",
    "KS X 1001": "euc_kr",
    "BIG-5": "big5",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "WINDOWS-1252": "cp1252",
    "ISO-8859-1": "iso-8859-1",
}
_BOM_8 = b"\xef\xbb\xbf"
_WIDE = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL_BYTES = bytes(each for each in range(32) if each not in b"\t\n\r") + b"\x7f"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_known(named: str) -> bool:
    """Whether a character set of that name can be read; "" is none named."""
    return named.upper() in _CODECS


def text_of(raw: bytes, otherwise: str = "") -> str | Fault:
    """`raw` as text without byte order mark, MLLP framing or control characters, or why not.

    `otherwise` is the character set of a message that names none.
    """
    if raw.startswith(b"MSH") and raw.isascii():
        return raw.translate(None, _CONTROL_BYTES).decode("ascii")
    wide = _wide(raw)
    if wide:
        return _decoded(raw.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"), wide, "UTF-16")
    raw = raw.removeprefix(_BOM_8)
    if raw.isascii():
        return _plain(raw.decode("ascii"))
    named = _named(raw) or otherwise.upper()
    codec = _CODECS.get(named)
    if codec is None:
        return Fault(reason=Reason.NOT_TEXT, place="MSH-18", detail=named[:40])
    if codec:
        return _decoded(raw, codec, named)
    try:
        return _plain(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _decoded(raw, "cp1252", "no character set named")


def _decoded(raw: bytes, codec: str, named: str) -> str | Fault:
    try:
        return _plain(raw.decode(codec))
    except UnicodeDecodeError as error:
        return Fault(reason=Reason.NOT_TEXT, place=f"byte {error.start}", detail=f"MSH-18: {named}")


def _plain(text: str) -> str:
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text


def _wide(raw: bytes) -> str:
    """The UTF-16 codec of `raw`, or "" when each character is not two bytes."""
    for mark, codec in _WIDE:
        if raw.startswith(mark):
            return codec
    if raw[:6] == b"M\0S\0H\0":
        return "utf-16-le"
    return "utf-16-be" if raw[:6] == b"\0M\0S\0H" else ""


def _named(raw: bytes) -> str:
    """MSH-18's first repetition, in capitals, of a message whose header is ASCII."""
    at = raw.find(b"MSH")
    if at < 0 or at + 4 > len(raw):
        return ""
    header = re.split(rb"[\r\n]", raw[at : at + 4096], maxsplit=1)[0]
    separator = header[3:4]
    fields = header.split(separator) if separator else []
    if len(fields) < 18:
        return ""
    repetition = fields[1][1:2] or b"~"
    return fields[17].split(repetition)[0].strip().decode("ascii", "replace").upper()
