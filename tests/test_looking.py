"""What may have gone out is found in the carrier's lists, which are asked for by our own numbers, and once for all."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from email.utils import format_datetime

import pytest
from people import ASHA, BARAKA, MONDAY_MORNING, Line, a_reaching_line
from reaching import CALL, TEXT, at, by_text, meets, states

from ivr.carriers.api import PAGE, Listed
from ivr.models import Number, Outgoing
from ivr.moments import ms_of
from simulator.faults import Fault
from workers import looking

STRANGER = "+254711000003"
LISTS = {TEXT: "Messages.json", CALL: "Calls.json"}


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


def lost(line: Line, how: str, *accepted: str) -> None:
    """Reminders go out to both, and nothing tells of them any more; the carrier has taken those of `accepted`."""
    for number in (ASHA, BARAKA):
        meets(line, number)
        by_text(line, how=how, number=number)
        kind = "accepted-reset" if number in accepted else "500"
        line.carrier.faults.order([Fault(kind, to=number), Fault("lost", to=number)])
    at(line, "2026-11-23", "12:30")
    for _ in range(3):
        line.later(seconds=1)
        line.ticks()
    assert {row.state for row in line.rows(Outgoing)} == {"submitting"}


def lists_read(line: Line, how: str) -> list[str]:
    return [address for address in line.asked if LISTS[how] + "?" in address and "From" in address]


def looks(line: Line) -> None:
    for _ in range(3):
        line.later(minutes=3)
        looking.look(line.workers)


@pytest.mark.parametrize("how", [TEXT, CALL])
def test_each_is_found_by_its_number_and_what_is_not_there_is_not(line: Line, how: str) -> None:
    lost(line, how, BARAKA)  # Asha's comes first, and is not there
    looks(line)
    assert sorted(states(line))[-1] == ("missed", "unknown")
    (found,) = [row for row in line.rows(Outgoing) if row.sid]
    (theirs,) = [row.id for row in line.rows(Number) if row.found_by == line.runtime.vault.index(BARAKA)]
    assert found.number_id == theirs
    (went,) = [entry["sid"] for entry in line.carrier.ledger if entry["to"] == BARAKA]
    assert found.sid == went


@pytest.mark.parametrize("how", [TEXT, CALL])
def test_no_address_holds_the_number_of_a_person(line: Line, how: str) -> None:
    lost(line, how, ASHA, BARAKA)
    looks(line)
    assert all(row.sid for row in line.rows(Outgoing))
    assert len(lists_read(line, how)) == 1  # for both of them
    assert [address for address in line.asked if "71100000" in address] == []


def test_a_list_that_cannot_be_read_was_no_look_for_any_of_them(line: Line) -> None:
    lost(line, TEXT, ASHA, BARAKA)
    line.later(minutes=3)
    line.carrier.faults.order([Fault("500")])
    looking.look(line.workers)
    assert {(row.state, row.looks) for row in line.rows(Outgoing)} == {("submitting", 0)}
    looks(line)
    assert all(row.sid for row in line.rows(Outgoing))


def listed(many: int, minute: int) -> list[Listed]:
    when = format_datetime(MONDAY_MORNING.replace(minute=minute))
    return [Listed(f"SM{minute}-{each}", "", STRANGER, "", "sent", "", when, "outbound-api") for each in range(many)]


def read_of(texts: list[Listed], since: int) -> tuple[int, int]:
    """How many are given on, and how many were read."""
    read = []

    async def carriers() -> AsyncIterator[Listed]:
        for each in texts:
            read.append(each)
            yield each

    async def recent() -> list[Listed]:
        return [each async for each in looking._recent(carriers(), since)]

    return len(asyncio.run(recent())), len(read)


def test_the_list_of_a_busy_day_is_read_until_it_is_old_and_no_further() -> None:
    since = ms_of(MONDAY_MORNING.replace(minute=30))
    late = listed(PAGE - 1, 10)  # asked for before, sent after
    assert read_of([*listed(5, 40), *late, *listed(5, 35), *listed(3 * PAGE, 20)], since) == (10, 10 + 2 * PAGE - 1)
    assert read_of(listed(7, 40), since) == (7, 7)
