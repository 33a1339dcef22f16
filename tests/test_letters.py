"""Texts of one batch: what is the same for all is written once, what is somebody's own is not; one thread a person."""

from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import meets

from ivr.models import Contact, Conversation
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.people.contacts import number
from ivr.phone import parse

OURS = "+254700000100"
ABROAD = "+34611000003"


def put(line: Line, kind: str, *texts: tuple[str, str]) -> None:
    """A text of a flow for each of these numbers, due now, in this order."""
    now = line.runtime.now()
    owners = {each.number_id: each.id for each in line.rows(Contact)}
    with line.runtime.database.transaction() as tx:
        for turn, (phone, flow) in enumerate(texts):
            found = parse(phone, "KE")
            assert found
            held = number(tx, line.runtime.vault, found, now)
            whom, due = (OURS, held, owners[held]), now - len(texts) + turn
            rows.add(tx, Sending(f"{turn}", kind, "sms", *whom, flow, due, due + 60_000, "hello"), now)


def test_of_two_texts_to_one_person_the_answer_to_the_later_one_is_awaited(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        meets(line, BARAKA)
        put(line, "confirmation", (ASHA, "reminder"), (BARAKA, "reminder"), (ASHA, "crisis"))
        line.ticks()
        owners = [each.contact_id for each in line.rows(Conversation) if each.state]
        assert len(owners) == len(set(owners)) == 2
        assert "time you chose" not in line.texts("#")[0]
        assert "time you chose" in line.texts("#", BARAKA)[0]


def test_what_many_are_told_differs_where_it_names_what_is_their_own(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        meets(line, BARAKA)
        meets(line, ABROAD)
        put(line, "crisis", (ASHA, "crisis"), (ABROAD, "crisis"), (BARAKA, "crisis"))
        line.ticks()
        kenyan, abroad, other = (line.carrier.inbox(phone)[-1].body for phone in (ASHA, ABROAD, BARAKA))
        assert kenyan == other != abroad
