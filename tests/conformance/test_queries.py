"""What every store does with the public register of queries."""

from typing import cast

from wholerecord.access import Store
from wholerecord.research.register import QueryRegister


async def test_queries_are_numbered_and_listed_newest_first(store: Store) -> None:
    register = cast("QueryRegister", store)
    first = await register.add_query(
        actor="r", organisation="RXA", purpose="research", asked=b'{"q":4.50}', answered=b"{}"
    )
    second = await register.add_query(
        actor="r\0", organisation="RXA", purpose="planning", asked=b"{}", answered=b"[]"
    )
    assert first.asked == b'{"q":4.50}'
    assert second.actor == "r\ufffd"
    assert list(await register.queries()) == [second, first]
    assert second.n > first.n


async def test_what_was_asked_before_is_found_as_it_was_answered_first(store: Store) -> None:
    register = cast("QueryRegister", store)
    assert await register.first_query(b'{"board":"b"}') is None
    said = {"actor": "r", "organisation": "RXA", "purpose": "planning"}
    first = await register.add_query(**said, asked=b'{"board":"b"}', answered=b"1")
    await register.add_query(**said, asked=b'{"board":"b"}', answered=b"2")
    assert await register.first_query(b'{"board":"b"}') == first
    assert await register.first_query(b'{"board":"c"}') is None
