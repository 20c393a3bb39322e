"""The region as files: what a site would find in the folders its sources drop things into."""

import re
from pathlib import Path

import msgspec

from wholerecord.demo.region import Region

_ENDINGS = {"mllp": "hl7", "post": "json", "file": "csv"}


def write(region: Region, folder: Path) -> None:
    """Every delivery in its source's folder, numbered in sending order, and `truth.json`.

    `manifest.json` lists them with source, door, name and time of sending.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest: list[dict[str, str]] = []
    for n, delivery in enumerate(region.deliveries, start=1):
        where = folder / delivery.source
        where.mkdir(exist_ok=True)
        stem = re.sub(r"[^a-z0-9]+", "-", delivery.name.removesuffix(".csv").lower())
        path = where / f"{n:06d}-{stem}.{_ENDINGS[delivery.door]}"
        path.write_bytes(delivery.body)
        manifest.append(
            {
                "path": path.relative_to(folder).as_posix(),
                "source": delivery.source,
                "door": delivery.door,
                "name": delivery.name,
                "sent": delivery.sent.isoformat(),
            }
        )
    listed = msgspec.json.format(msgspec.json.encode(manifest))
    (folder / "manifest.json").write_bytes(listed)
    truth = msgspec.json.format(msgspec.json.encode(region.truth))
    (folder / "truth.json").write_bytes(truth)
