"""One way to break the house."""

from typing import NamedTuple


class Mutation(NamedTuple):
    """What is broken: these words in this file become those; and which tests must notice."""

    about: str
    file: str
    old: str
    new: str
    guard: str
