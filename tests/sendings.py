"""Every place in the code that puts something into the outbox: of which kind it is, and which flow it opens.

Read from the code itself, so that what is added there is looked at by the tests of neutral words without being listed.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ivr.outbox.rows import Sending

HOME = Path(__file__).parent.parent
_AGAIN = "the same once more"  # of a row that was looked at where it came from


class Place(NamedTuple):
    """One such place. `kind` and `flow` are None where they cannot be read."""

    where: str
    kind: str | None
    flow: str | None

    @property
    def is_repetition(self) -> bool:
        """It sends again what another row was for."""
        return self.kind == self.flow == _AGAIN


def places(*folders: str) -> Iterator[Place]:
    """All of them below these folders of the house."""
    for file in sorted(file for folder in folders for file in (HOME / folder).rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        name = ".".join(file.relative_to(HOME).with_suffix("").parts)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Sending":
                yield _place(name, node)


def _place(module: str, call: ast.Call) -> Place:
    values = dict(_arguments(call))
    kind, flow = values.get("kind"), values.get("flow")
    where = f"{module}:{call.lineno}"
    if _is_of_one_row(kind, flow):
        return Place(where, _AGAIN, _AGAIN)
    return Place(where, _constant(module, kind), _constant(module, flow))


def _arguments(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """By name. `*whom` and its like stand for all up to the contact: behind them comes the flow."""
    for at, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            yield from zip(Sending._fields[Sending._fields.index("flow") :], call.args[at + 1 :], strict=False)
            break
        yield Sending._fields[at], argument
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg)


def _is_of_one_row(kind: ast.expr | None, flow: ast.expr | None) -> bool:
    both = [each for each in (kind, flow) if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)]
    return len(both) == 2 and both[0].value.id == both[1].value.id and [each.attr for each in both] == ["kind", "flow"]


def _constant(module: str, node: ast.expr | None) -> str | None:
    """What this names in its module, if it is a string that stands fast."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    found = None
    if isinstance(node, ast.Name):
        found = getattr(importlib.import_module(module), node.id, None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        found = getattr(getattr(importlib.import_module(module), node.value.id, None), node.attr, None)
    return found if isinstance(found, str) else None
