"""Those who work at the desk: who they are, what they may, in which languages they help, and their phone."""

from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from ivr.db import Statement, Transaction
from ivr.models import Counselor, new_id
from ivr.phone import parse
from ivr.team import audit
from ivr.vault import Vault

# Each may what the word says: take requests; run the desk too; care for accounts and settings, without content; read
# counts and the book.
COUNSELOR, SUPERVISOR, ADMINISTRATOR, AUDITOR = "counselor", "supervisor", "administrator", "auditor"
ROLES = (COUNSELOR, SUPERVISOR, ADMINISTRATOR, AUDITOR)
AT_THE_DESK = (COUNSELOR, SUPERVISOR)
PHONE = "counselors.phone"
GENDERS = ("woman", "man")
LONGEST = 32  # letters of a short name


class Member(NamedTuple):
    """Somebody of the desk. Their phone is sealed; `speaks` are codes of languages with a blank between."""

    id: str
    login: str
    role: str
    language: str
    speaks: str
    gender: str | None
    phone: bytes | None
    epoch: int

    @property
    def takes_requests(self) -> bool:
        """Whether they talk with people."""
        return self.role in AT_THE_DESK

    @property
    def leads(self) -> bool:
        """Whether they run the desk."""
        return self.role == SUPERVISOR


class New(NamedTuple):
    """Somebody who is to work at the desk; a phone in E.164, or none."""

    login: str
    role: str
    language: str
    speaks: tuple[str, ...]
    gender: str | None = None
    phone: str = ""


COLUMNS = (
    Counselor.id,
    Counselor.login,
    Counselor.role,
    Counselor.language,
    Counselor.speaks,
    Counselor.gender,
    Counselor.phone,
    Counselor.epoch,
)
_select = select(*COLUMNS).where(Counselor.ended_at.is_(None))
_BY_ID = Statement(_select.where(Counselor.id == bindparam("row")))
_BY_LOGIN = Statement(_select.where(Counselor.login == bindparam("login_")))
_BY_PHONE = Statement(_select.where(Counselor.found_by == bindparam("index")))
_ALL = Statement(_select.order_by(Counselor.login))
_TAKEN = Statement(select(Counselor.id).where(Counselor.login == bindparam("login_")))
_ADD = Statement(insert(Counselor))
_of = update(Counselor).where(Counselor.id == bindparam("row"), Counselor.ended_at.is_(None))
_SET_PHONE = Statement(_of.values(found_by=bindparam("new_index"), phone=bindparam("new_phone"), pin=None))
_LOSE = Statement(_of.values(found_by=None, phone=None, pin=None, epoch=Counselor.epoch + 1))
_END = Statement(
    _of.values(
        ended_at=bindparam("now"),
        found_by=None,
        phone=None,
        pin=None,
        password=None,
        totp=None,
        invite=None,
        epoch=Counselor.epoch + 1,
    )
)
_CHANGE = Statement(
    _of.values(language=bindparam("new_language"), speaks=bindparam("new_speaks"), gender=bindparam("new_gender"))
)
_SET_ROLE = Statement(_of.values(role=bindparam("new_role"), epoch=Counselor.epoch + 1))
_NEXT_EPOCH = Statement(_of.values(epoch=Counselor.epoch + 1))


class Refused(Exception):
    """It cannot be so; the text says why, and what to do, to operators; `reason` is the same in one word."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(text or reason)
        self.reason = reason


def add(tx: Transaction, vault: Vault, new: New, by: str, now: int) -> str:
    """Somebody new at the desk, by id. Raises Refused."""
    _check(new)
    if tx.one(_TAKEN, login_=new.login):
        raise Refused("taken", f"{new.login!r} is taken: choose another short name")
    id = new_id()
    secrets = {
        "pin": None,
        "password": None,
        "totp": None,
        "totp_used": 0,
        "invite": None,
        "invited_at": None,
        "found_by": None,
        "phone": None,
    }
    plain = {"login": new.login, "role": new.role, "language": new.language, "gender": new.gender}
    tx.run(_ADD, id=id, **plain, speaks=" ".join(new.speaks), **secrets, epoch=0, created_at=now, ended_at=None)
    audit.note(tx, id, by, "added", new.role, now)
    if new.phone:
        set_phone(tx, vault, id, new.phone, by, now)
    return id


def set_phone(tx: Transaction, vault: Vault, id: str, number: str, by: str, now: int) -> None:
    """Their phone, in E.164; its PIN is chosen anew. Raises Refused."""
    phone = parse(number, "")
    if phone is None:
        raise Refused("phone", f"{number!r} is no phone number: write it as +254700000001")
    other = by_phone(tx, vault, phone.number)
    if other and other.id != id:
        raise Refused("phone taken", f"this is the phone of {other.login}: one phone, one person of the desk")
    sealed = vault.seal(PHONE, id, phone.number.encode())
    tx.run(_SET_PHONE, row=id, new_index=vault.index(phone.number), new_phone=sealed)
    audit.note(tx, id, by, "phone set", "", now)


def lose_phone(tx: Transaction, id: str, by: str, now: int) -> None:
    """Their phone is in other hands: it is rung no more and commands nothing, and nobody is signed in as them."""
    tx.run(_LOSE, row=id)
    audit.note(tx, id, by, "phone lost", "", now)


def change(tx: Transaction, id: str, language: str, speaks: str, gender: str | None, now: int) -> None:
    """In which language the desk speaks to them, in which they help (codes with blanks), and woman, man or not said."""
    tx.run(_CHANGE, row=id, new_language=language, new_speaks=speaks, new_gender=gender)
    audit.note(tx, id, id, "changed", "", now)


def set_role(tx: Transaction, id: str, role: str, by: str, now: int) -> None:
    """They may something else, and nobody is signed in as them any more."""
    assert role in ROLES, role
    tx.run(_SET_ROLE, row=id, new_role=role)
    audit.note(tx, id, by, "role set", role, now)


def end_sign_ins(tx: Transaction, id: str, by: str, now: int) -> None:
    """Nobody is signed in as them any more, wherever it was."""
    tx.run(_NEXT_EPOCH, row=id)
    audit.note(tx, id, by, "signed out", "everywhere", now)


def end(tx: Transaction, id: str, by: str, now: int) -> None:
    """They do not work at the desk any more. Their name stays taken: the book goes on to speak of them."""
    tx.run(_END, row=id, now=now)
    audit.note(tx, id, by, "ended", "", now)


def find(tx: Transaction, id: str) -> Member | None:
    """Whose id this is."""
    row = tx.one(_BY_ID, row=id)
    return Member(*row) if row else None


def by_login(tx: Transaction, login: str) -> Member | None:
    """Whose short name this is."""
    row = tx.one(_BY_LOGIN, login_=login)
    return Member(*row) if row else None


def by_phone(tx: Transaction, vault: Vault, number: str) -> Member | None:
    """Whose phone this is, in E.164."""
    row = tx.one(_BY_PHONE, index=vault.index(number))
    return Member(*row) if row else None


def at_phone(tx: Transaction, vault: Vault, number: str) -> Member | None:
    """Who takes requests by this phone, in E.164; None for everybody else."""
    found = by_phone(tx, vault, number)
    return found if found and found.takes_requests else None


def everybody(tx: Transaction) -> list[Member]:
    """All of the desk, by name."""
    return [Member(*row) for row in tx.all(_ALL)]


def phone_of(vault: Vault, who: Member) -> str:
    """Their number in E.164; empty without one."""
    return vault.open(PHONE, who.id, who.phone).decode() if who.phone else ""


def _check(new: New) -> None:
    if new.role not in ROLES:
        raise Refused("role", f"{new.role!r} is no role: write one of {', '.join(ROLES)}")
    if new.gender not in (None, *GENDERS):
        raise Refused("gender", f"{new.gender!r}: write woman or man, or leave it out")
    if not (new.login.isidentifier() and new.login.isascii() and len(new.login) <= LONGEST):
        raise Refused("name", f"{new.login!r} is no short name: letters and digits, no blanks, 32 at most")
