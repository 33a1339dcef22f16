"""Keeping time: words and the silence after them as beats that do not drift, in blocks that any key ends."""

from collections.abc import Iterable
from typing import NamedTuple

from ivr.channels.pace import LONGEST_SILENCE
from ivr.channels.speech import Sound

LONGEST_BLOCK = 60  # seconds: a call that drops loses no more of an exercise
WAIT = 1  # seconds: the shortest time-out of a Gather, which every block ends with
_NOTHING = Sound("", 0.0)


class Beat(NamedTuple):
    """One sound and the silence after it, in whole seconds because a carrier's Pause knows no others."""

    xml: str
    seconds: float
    silence: int = 0

    @property
    def length(self) -> float:
        """Sound and silence together."""
        return self.seconds + self.silence


class Score:
    """Beats written down one after another; what is said too long or too short is made good in the next silence."""

    def __init__(self, tick: Sound | None) -> None:
        """`tick` breaks a long silence, where there is such a sound."""
        self.beats: list[Beat] = []
        self._tick = tick or _NOTHING
        self._now = 0.0  # seconds of all beats
        self._late = 0.0

    def words(self, sounds: Iterable[Sound], lasts: int = 0) -> None:
        """Sounds that with their silence last so many seconds; 0: as long as they are."""
        before = self._now
        for sound in sounds:
            self._add(sound)
        if lasts:
            self.silence(round(lasts - self._late - (self._now - before)))
        self._late = self._late + self._now - before - lasts if lasts else 0.0

    def silence(self, seconds: int) -> None:
        """Silence, with a tick wherever it would be too long."""
        while seconds > 0:
            if not self.beats or self.beats[-1].silence == LONGEST_SILENCE:
                self._add(self._tick if self.beats else _NOTHING)
            last = self.beats[-1]
            taken = min(seconds, LONGEST_SILENCE - last.silence)
            self.beats[-1] = last._replace(silence=last.silence + taken)
            self._now += taken
            seconds -= taken

    def _add(self, sound: Sound) -> None:
        self.beats.append(Beat(*sound))
        self._now += sound.seconds


def blocks(beats: Iterable[Beat]) -> list[list[Beat]]:
    """Beats by the minute. The wait for a key at the end of each block is the last second of its silence."""
    found: list[list[Beat]] = []
    for beat in beats:
        if not found or sum(each.length for each in found[-1]) + beat.length > LONGEST_BLOCK:
            found.append([])
        found[-1].append(beat)
    return list(map(_with_wait, found))


def _with_wait(block: list[Beat]) -> list[Beat]:
    *others, last = block
    return [*others, last._replace(silence=max(0, last.silence - WAIT))]
