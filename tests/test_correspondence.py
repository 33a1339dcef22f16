"""A counselor and somebody who asked for a call write to each other, on phones that others read."""

import pytest
from page import Browser, at_the_desk
from people import ASHA, Line, a_reaching_line
from reaching import meets
from test_pins import PIN, locked

from ivr.callbacks import correspondence
from ivr.models import Alert, Callback, DeskText, Note, Outgoing
from ivr.people import openness
from ivr.privacy import holdings
from simulator.faults import Fault

CALL = "my call"
KNOCK = "Something was written to you"
WORDS = "Is the evening still good for you?"
BACK = "Yes, after seven. My mother is out then"
STRAIGHT = "it goes straight to them"


@pytest.fixture
def line(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


@pytest.fixture
def both(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def asks(line: Line) -> int:
    """Asha asks for a call by text, and puts the phone away; the short number of her request."""
    meets(line)
    for word in (CALL, "1", "1", "2"):
        line.texts(word)
    line.later(minutes=20)
    return line.waiting()[0].ref


def holds(line: Line, ref: int, **how: object) -> Browser:
    page = at_the_desk(line, **how)
    page.sees("/")
    page.sends(f"/take/{ref}")
    return page


def writes(page: Browser, ref: int, words: str = WORDS, **more: str) -> str:
    return page.sends(f"/requests/{ref}/text", text=words, **more)


def reads(line: Line, number: str = ASHA) -> list[str]:
    """What came to this phone by itself, up to now."""
    line.later(seconds=1)
    line.ticks()
    return [text.body for text in line.carrier.inbox(number)]


def last(line: Line, number: str = ASHA) -> str:
    return reads(line, number)[-1]


def says(line: Line, words: str, number: str = ASHA) -> str:
    return " ".join(line.texts(words, number))


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_words_follow_an_answer_and_the_answer_comes_back(both: Line) -> None:
    ref = asks(both)
    page = holds(both, ref)
    assert "It is on its way" in writes(page, ref)
    assert KNOCK in last(both)
    assert "not read yet" in page.sees(f"/requests/{ref}")
    assert says(both, "1") == WORDS
    assert "not read yet" not in page.sees(f"/requests/{ref}")
    assert says(both, BACK) == "It is passed on. 0 = a person."
    assert "; <b>wrote" in page.sees("/")
    assert BACK in page.sees(f"/requests/{ref}")
    assert "; <b>wrote" not in page.sees("/")
    assert STRAIGHT in page.sees(f"/requests/{ref}")
    writes(page, ref, "Then I ring at seven.")
    assert last(both) == "Then I ring at seven."
    assert says(both, "Good") == "It is passed on. 0 = a person."
    assert both.opened(DeskText, "body") == [WORDS, "Then I ring at seven."]


def test_nothing_but_the_neutral_line_is_on_the_phone_before_an_answer(line: Line) -> None:
    ref = asks(line)
    page, before = holds(line, ref), len(reads(line))
    for words in (WORDS, "And the day after?", "Or at noon?"):
        writes(page, ref, words)
    came = reads(line)[before:]
    assert len(came) == 1  # nobody is told twice that something waits
    assert KNOCK in came[0]
    assert not any(words in came[0] for words in ("evening", "noon"))
    assert says(line, "read") == f"{WORDS}\nAnd the day after?\nOr at noon?"


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_in_each_language(line: Line, language: str) -> None:
    for word in ("hello", {"en": "1", "es": "2", "sw": "3"}[language], "2", "8"):
        line.texts(word)
    flows = line.runtime.content.flows[language]
    words = {"en": "my call", "es": "mi llamada", "sw": "simu yangu"}[language]
    for word in (words, "1", "1", "2"):
        line.texts(word)
    line.later(minutes=20)
    ref = line.waiting()[0].ref
    writes(holds(line, ref), ref)
    (label,) = [c.label for c in flows.nodes["desk_text", "knock"].exit.first.choices if c.key == "1"]
    assert f"1 = {label}" in last(line)
    assert says(line, label) == WORDS
    assert says(line, "asante") in {node.steps[0].sms for node in [flows.nodes["desk_text", "thanks"]]}


def test_a_text_of_theirs_next_morning_still_comes_to_the_counselor(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref)
    reads(line)
    says(line, "1")
    line.later(hours=15)
    assert "It is passed on" in says(line, BACK)
    assert any(each.wrote_at for each in line.rows(Callback))
    assert "Warmline" not in says(line, "8") + says(line, "exercise")  # what they know holds as ever


def test_words_that_tell_others_do_not_go_and_are_not_lost(line: Line) -> None:
    ref = asks(line)
    page, before = holds(line, ref), len(reads(line))
    for words, told in (("Your counselor will ring about the suicide", "suicide"), ("Su consejera le llama", "consej")):
        page.sees(f"/requests/{ref}")
        shown = writes(page, ref, words)
        assert "Nothing was sent" in shown and told in shown
        assert words in shown.split("<textarea")[2]
    assert (line.rows(DeskText), len(reads(line))) == ([], before)


def test_what_is_typed_is_lost_with_no_button(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref, note="She has a sister.")
    assert line.opened(Note, "body") == ["She has a sister."]
    shown = page.sends(f"/requests/{ref}/note", note="And a brother.", text="Not yet sent")
    assert "Not yet sent" in shown and "The note is kept" in shown
    shown = page.sends(f"/requests/{ref}/close", state="reached", text="Not yet sent")
    assert "Not yet sent" in shown and "was not sent" in shown
    assert line.opened(DeskText, "body") == [WORDS]


def test_too_long_is_said_and_shown_again(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    words = "ñandú 你 " * 40
    shown = writes(page, ref, words)
    assert "Too long" in shown and words.strip() in shown
    assert line.rows(DeskText) == []


def test_whoever_closed_it_is_said_so(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref)
    reads(line)
    says(line, "1")
    page.sends(f"/requests/{ref}/close", state="reached")
    assert "closed" in says(line, BACK)


def test_not_for_me_says_nothing_and_stops(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref)
    last(line)
    assert WORDS not in says(line, "3")
    line.later(minutes=20)
    assert "They get no texts" in page.sees(f"/requests/{ref}")


def urgent_at_night(line: Line) -> int:
    """Asha has asked for an urgent call: of hours nothing was said. It is late since."""
    meets(line)
    for word in ("I want to die", "1"):
        line.texts(word)
    line.later(hours=13)
    return line.waiting()[0].ref


def test_at_night_it_waits_for_the_morning(line: Line) -> None:
    ref = urgent_at_night(line)
    page, before = holds(line, ref), len(reads(line))
    writes(page, ref)
    assert len(reads(line)) == before
    line.later(hours=11)
    assert [KNOCK in text for text in reads(line)[before:]] == [True]


def test_who_has_just_written_is_answered_at_any_hour(line: Line) -> None:
    ref = urgent_at_night(line)
    page = holds(line, ref)
    writes(page, ref)
    says(line, "exercise")
    writes(page, ref, "I am here tonight.")
    assert last(line) == f"{WORDS}\nI am here tonight."
    line.later(hours=11)
    assert last(line) == f"{WORDS}\nI am here tonight."  # nothing is left to wait for the morning


def test_what_waits_is_told_to_whoever_writes_whatever_they_write(line: Line) -> None:
    ref = urgent_at_night(line)
    writes(holds(line, ref), ref)
    assert WORDS in says(line, "is somebody there")


def test_danger_and_stop_come_first_whoever_they_write_to(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref)
    reads(line)
    says(line, "1")
    assert "999" in says(line, "I want to die")
    assert len(line.rows(Alert)) == 1
    assert "passed on" not in says(line, "STOP")
    assert "They get no texts" in page.sees(f"/requests/{ref}")
    assert "Nothing was sent" in writes(page, ref)


def test_on_a_phone_of_ones_own_any_word_may_go(line: Line) -> None:
    ref = asks(line)
    contact = line.rows(Callback)[0].contact_id
    with line.runtime.database.transaction() as tx:
        openness.choose(tx, contact, openness.OPEN)
    writes(holds(line, ref), ref, "Your counselor is here.")
    assert KNOCK in last(line)
    assert says(line, "1") == "Your counselor is here."


def test_whoever_wants_nothing_that_comes_by_itself_is_written_to_only_in_answer(line: Line) -> None:
    ref = asks(line)
    contact = line.rows(Callback)[0].contact_id
    with line.runtime.database.transaction() as tx:
        openness.choose(tx, contact, openness.REPLY_ONLY)
    page, before = holds(line, ref), len(reads(line))
    assert "They get no texts" in page.page
    assert "Nothing was sent" in writes(page, ref)
    assert len(reads(line)) == before
    says(line, "exercise")
    writes(page, ref)
    assert last(line) == WORDS


def test_a_pin_stands_before_the_words_but_not_before_each(line: Line) -> None:
    locked(line)
    for word in (f"pin {PIN}", CALL, "1", "1", "2"):
        said = says(line, word)
    assert line.waiting(), said
    ref = line.waiting()[0].ref
    line.later(minutes=20)
    page = holds(line, ref)
    writes(page, ref)
    assert KNOCK in last(line)
    assert "PIN" in says(line, "1")
    assert WORDS not in says(line, "1111") + says(line, "1")
    assert WORDS in says(line, PIN)
    assert "passed on" in says(line, BACK)
    writes(page, ref, "Then at seven.")
    assert last(line) == "Then at seven."
    line.later(minutes=20)
    writes(page, ref, "Are you there?")
    assert KNOCK in last(line)
    assert "passed on" not in says(line, "somebody else has the phone now")
    assert "Are you there?" not in says(line, "hello")


def test_another_number_to_ring_is_never_written_to(line: Line) -> None:
    meets(line)
    for word in (CALL, "1", "another", "0711000099"):
        said = says(line, word)
    (request,) = line.waiting()
    line.later(minutes=20)
    page = holds(line, request.ref)
    number = line.runtime.vault.open("numbers.sealed", request.number_id, request.sealed)
    assert (line.waiting()[0].number_id == request.number_id, number) == (True, b"+254711000099"), said
    assert "They get no texts" in page.page
    assert "Nothing was sent" in writes(page, request.ref)
    assert not any(row.kind == correspondence.KIND for row in line.rows(Outgoing))


def test_outside_of_their_hours_nothing_goes_unless_they_write(line: Line) -> None:
    meets(line)
    for word in (CALL, "4", "1", "1", "2"):
        says(line, word)
    (request,) = line.rows(Callback)
    line.later(minutes=20)
    assert request.from_at > line.clock.now()
    page, before = holds(line, request.ref), len(reads(line))
    shown = writes(page, request.ref)
    assert "not the hours" in shown and WORDS in shown
    assert (len(reads(line)), line.rows(DeskText)) == (before, [])
    says(line, "exercise")
    writes(page, request.ref)
    assert last(line) == WORDS


def test_a_text_that_the_carrier_does_not_bring_is_told_to_the_counselor(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    line.carrier.faults.order([Fault("undelivered", code=30007, to=ASHA, times=1)])
    writes(page, ref)
    reads(line)
    assert "The last text reached nobody" in page.sees(f"/requests/{ref}")
    before = len(reads(line))
    writes(page, ref, "Once more.")
    assert KNOCK in reads(line)[before]
    assert "reached nobody" not in page.sees(f"/requests/{ref}")
    assert says(line, "1") == f"{WORDS}\nOnce more."


def test_what_the_carrier_drops_on_its_way_comes_once_more(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    says(line, "exercise")
    line.carrier.faults.order([Fault("undelivered", code=30008, to=ASHA, times=1)])
    writes(page, ref)
    reads(line)
    line.later(minutes=6)
    assert last(line) == WORDS
    assert [row.state for row in line.rows(Outgoing) if row.kind == correspondence.KIND] == ["undelivered", "delivered"]


def test_a_line_that_something_waits_is_not_sent_once_more_to_whoever_has_read_it(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    line.carrier.faults.order([Fault("undelivered", code=30008, to=ASHA, times=1)])
    writes(page, ref)
    before = reads(line)
    assert WORDS in says(line, "is somebody there")
    line.later(minutes=6)
    assert len(reads(line)) == len(before) + 1  # the answer


def test_words_wait_for_three_days_and_no_longer(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    writes(page, ref)
    reads(line)
    line.later(days=2)
    assert WORDS in says(line, "I was away")
    line.later(days=4)
    assert "passed on" not in says(line, "is somebody there")


def test_who_has_lost_the_request_sends_nothing_and_loses_no_word(line: Line) -> None:
    ref = asks(line)
    page = holds(line, ref)
    for _ in range(2):  # they stay signed in, and do nothing about it
        line.later(minutes=16)
        page.sees("/")
    line.sweeps()
    other = holds(line, ref, login="second")
    shown = writes(page, ref, note="She has a sister.")
    assert WORDS in shown and "She has a sister." in shown
    assert line.rows(DeskText) == []
    assert "It is yours" in other.page


def test_erasing_takes_what_was_written_along(line: Line) -> None:
    ref = asks(line)
    writes(holds(line, ref), ref)
    (contact,) = {row.contact_id for row in line.rows(Callback)}
    with line.runtime.database.transaction() as tx:
        whole = holdings.whole(tx, line.runtime.vault, contact)
    assert [row["body"] for row in whole["desk_texts"]] == [WORDS]
