"""What was said, decoded to be searched, and remembered while it is asked for."""

from collections import OrderedDict
from collections.abc import Hashable

from wholerecord.access.read_said import SaidOf, Shown
from wholerecord.fhir.search import Held, World
from wholerecord.fhir.served import served
from wholerecord.record import read_json

#: Resources kept decoded, each a few kilobytes; and as many in the worlds, which share them.
_MOST_KEPT = 100_000


class Decoded:
    """Resources decoded, each with what was worked out of it, while they are asked for.

    The same whoever asks: which of them one sees, the door decides before.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[int, int, int, int, bool], Held] = OrderedDict()
        self._worlds: OrderedDict[Hashable, World] = OrderedDict()
        self._in_worlds = 0

    def world(self, one: SaidOf) -> World:
        """What may be seen of what was said of somebody as a world, remembered."""
        key = one.key
        world = self._worlds.get(key)
        if world is None:
            world = self._worlds[key] = World(self.held(shown) for shown in reversed(one.shown))
            self._in_worlds += world.size
            while self._in_worlds > _MOST_KEPT and len(self._worlds) > 1:
                self._in_worlds -= self._worlds.popitem(last=False)[1].size
        else:
            self._worlds.move_to_end(key)
        return world

    def held(self, shown: Shown) -> Held:
        """The resource as it is served."""
        said = shown.version.statement
        key = (said.patient, said.t, said.n, shown.version.number, shown.unplaced)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = Held(read_json(served(shown)))
            if len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return held
