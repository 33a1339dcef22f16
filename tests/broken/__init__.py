"""Ways to break the house in each important place, by room: each module here is one."""

from importlib import import_module
from pkgutil import iter_modules

from broken.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = tuple(
    each for room in iter_modules(__path__) for each in getattr(import_module(f"broken.{room.name}"), "MUTATIONS", ())
)
