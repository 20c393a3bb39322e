"""Letters for tests: PDF, DOCX and TIFF written by hand. All people are made up."""

import io
import zipfile
from datetime import UTC, datetime

from wholerecord.intake import Kept
from wholerecord.intake.recognise import read
from wholerecord.record import MessageId

RTF = b"{\\rtf1\\ansi{\\info{\\creatim\\yr2026\\mo3\\dy2}} Dear Dr Hale\\par Well}"
TIFF = b"II*\0\x08\0\0\0\0\0"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
DECLARED = (
    b'{"letters": {"name": "{nhs_number}_{date}_{type}.{any}", "date_format": "%Y%m%d",'
    b' "types": {"DIS": "Discharge letter"}, "author": "Aire Valley Hospital"}}'
)


def pdf(words: str = "Dear Dr Hale", pages: int = 1, info: bytes = b"") -> bytes:
    """A PDF that says `words` on each page."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    trailer = b""
    if info:
        objects.append(b"<< /CreationDate (%s) >>" % info)
        trailer = b" /Info %d 0 R" % len(objects)
    out, starts = bytearray(b"%PDF-1.4\n"), list[int]()
    for n, body in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    table = b"".join(b"%010d 00000 n \n" % at for at in starts)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(starts) + 1, table)
    out += b"trailer << /Size %d /Root 1 0 R%s >>\n" % (len(starts) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF" % at)


def docx(words: str = "Dear Dr Hale", **parts: bytes) -> bytes:
    """A DOCX; `parts` are more members, `document` its body instead."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {w}><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", parts.pop("document", body.encode()))
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def reading(body: bytes, name: str = "", columns: bytes = b""):
    """What becomes of a letter under that name, from a source that declares that."""
    return read(
        Kept(
            message=MessageId(1),
            source="letters",
            name=name,
            body=body,
            received=datetime(2026, 3, 3, tzinfo=UTC),
            columns=columns,
        )
    )
