"""Sources by the titles people know them by."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from wholerecord.intake import Feed

Titles = Mapping[str, str]


def titles_of(feeds: Iterable[Feed]) -> Titles:
    """Each source's title by its name."""
    return {feed.source.name: feed.source.title for feed in feeds}


def with_titles(text: str, titles: Titles) -> str:
    """A sentence that names sources, with their titles instead. Other words stay as they are.

    >>> with_titles("recorded by mill-gp, but not by mill-gp-2", {"mill-gp": "Mill Surgery"})
    'recorded by Mill Surgery, but not by mill-gp-2'
    """
    if not text or not titles:
        return text
    return _naming(tuple(titles)).sub(lambda found: titles[found[0]], text)


@lru_cache(maxsize=256)
def _naming(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")
