"""How the region's FHIR systems send: by HTTP, a patient's past at once, and then day by day."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from wholerecord.demo.batch import Batch, batches
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.happening import Told


def posted(
    told: Iterable[Told], live: datetime, *, source: str, name: str, body: Callable[[Batch], bytes]
) -> Iterator[Delivery]:
    """One `body` for each patient's past at `live`, then one for each day something is said."""
    for n, batch in enumerate(batches(told, live), start=1):
        yield Delivery(
            source=source, door="post", name=f"{name} {n}", body=body(batch), sent=batch.sent
        )
