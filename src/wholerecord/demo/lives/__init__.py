"""What happens to people of the region whom no story is about."""

from wholerecord.demo.diary import Diary
from wholerecord.demo.lives.hospital import be_ill
from wholerecord.demo.lives.long_term import live_with
from wholerecord.demo.lives.prevention import ail, be_allergic, vaccinate
from wholerecord.demo.lives.support import be_supported


def live(diary: Diary, conditions: frozenset[str]) -> None:
    """Write an ordinary life with these long-term conditions in the diary."""
    live_with(diary, conditions)
    vaccinate(diary)
    be_allergic(diary)
    ail(diary)
    be_ill(diary)
    be_supported(diary, conditions)
