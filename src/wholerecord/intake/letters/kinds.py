"""What kind of file a letter is, told from its first bytes: names and headers are often wrong.

Source: ISO 32000 (PDF), RTF 1.9.1, ECMA-376 (DOCX), TIFF 6.0, ISO 15948 (PNG), ISO 10918 (JPEG).
"""

PDF, RTF, PLAIN = "application/pdf", "application/rtf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: First bytes -> media type.
_MAGIC = (
    (b"%PDF-", PDF),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
)
_NAMED = {
    PDF: "a PDF document",
    RTF: "an RTF document",
    DOCX: "a Word document",
    PLAIN: "plain text",
    "image/png": "a PNG picture",
    "image/jpeg": "a JPEG picture",
    "image/tiff": "a TIFF picture",
    "image/gif": "a GIF picture",
}
#: PDF allows anything before its header (ISO 32000-1, annex H), and senders make use of it.
_AROUND = 1024


def media_of(body: bytes) -> str:
    """The media type of a file, "" for one that is none of these."""
    for magic, media in _MAGIC:
        if body.startswith(magic):
            return media
    if body.startswith(b"PK\x03\x04") and b"word/document.xml" in body:
        return DOCX
    return PDF if b"%PDF-" in body[:_AROUND] else ""


def called(media: str) -> str:
    """A media type in words."""
    return _NAMED.get(media, media or "a file of a type not named")
