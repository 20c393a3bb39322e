"""The region's households: who lives with whom, of which ages.

The mix is roughly England's (census 2021: one-person households three in ten, families with
dependent children three in ten), written from memory and for looks only.
"""

from collections.abc import Iterator

from wholerecord.demo.casting import Casting
from wholerecord.demo.human import Home, Human

_MIX = {
    "alone old": 16,
    "alone": 14,
    "couple old": 14,
    "couple": 18,
    "family": 28,
    "one parent": 10,
}


def populate(casting: Casting, people: int) -> Iterator[Human]:
    """Humans until there are `people`, household by household; the last may be cut short."""
    left = people
    while left > 0:
        kind = casting.rng.choices(list(_MIX), weights=list(_MIX.values()))[0]
        for human in _household(casting, kind, left):
            yield human
            left -= 1


def _household(casting: Casting, kind: str, at_most: int) -> list[Human]:
    heritage = casting.heritage()
    family, home = casting.surname(heritage), casting.home()
    youngest, oldest = (66, 93) if "old" in kind else (22, 52) if "parent" in kind else (24, 65)
    if kind == "family":
        youngest, oldest = 27, 50
    adults = 1 if "alone" in kind or "parent" in kind else 2
    sexes = ["female", "male"] if casting.rng.random() < 0.6 else ["male", "female"]
    listed: list[Human] = []
    for sex in sexes[:adults]:
        born = casting.born(youngest, oldest)
        # One couple in five keeps two surnames.
        own = casting.surname(heritage) if listed and casting.rng.random() < 0.2 else family
        listed.append(casting.human(sex=sex, born=born, heritage=heritage, family=own, home=home))
    if kind in {"family", "one parent"}:
        parents_age = min(human.age(casting.today) for human in listed)
        listed += _children(casting, parents_age, heritage, family, home)
    return listed[:at_most]


def _children(
    casting: Casting, parents_age: int, heritage: str, family: str, home: Home
) -> list[Human]:
    oldest = max(0, min(18, parents_age - 20))
    ages = sorted(casting.rng.sample(range(oldest + 1), min(oldest + 1, casting.rng.randint(1, 3))))
    return [
        casting.human(
            sex=casting.rng.choice(("female", "male")),
            born=casting.born(age, age),
            heritage=heritage,
            family=family,
            home=home,
        )
        for age in ages
    ]
