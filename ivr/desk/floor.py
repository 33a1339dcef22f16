"""Where a counselor's command is carried out, and what it is answered with."""

from typing import Any, NamedTuple

from ivr.config import Config
from ivr.content import Content
from ivr.db import Transaction
from ivr.team.counselors import Member
from ivr.vault import Vault


class Floor(NamedTuple):
    """Where a command is carried out: the transaction, who commands, and the moment (ms, UTC)."""

    tx: Transaction
    vault: Vault
    config: Config
    content: Content
    who: Member
    now: int


class Reply(NamedTuple):
    """A block of the template with its values. `is_about_somebody`: what it says of a person is not kept."""

    name: str
    values: dict[str, Any]
    is_about_somebody: bool = False
