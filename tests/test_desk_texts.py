"""The desk by text: a counselor with a basic phone takes, notes, closes, puts off, and is told who has what."""

import re
from threading import Barrier, Thread

import pytest
from desk import somebody_asks
from hypothesis import given
from hypothesis import strategies as st
from people import ASHA, Line, a_line, a_reaching_line
from test_desk import ask

from ivr import i18n
from ivr.callbacks.requests import URGENT
from ivr.carriers import twilio
from ivr.channels.segments import segments
from ivr.desk import phones
from ivr.desk.commands import NAMES, parse, typed
from ivr.desk.texts import vocabulary
from ivr.desk.words import NAMES as ANSWERS
from ivr.engine.words import normalise
from ivr.models import Alert, Callback, Entry, Message, Note, OptOut
from ivr.runtime import HOME
from ivr.team import counselors
from workers import duties

PHONE, OTHER = "+254722000009", "+254722000008"
PIN = "2580"
LANGUAGES = ("en", "es", "sw")
NUMBERS = re.compile(r"\+?2547\d{6,}|07\d{8}")


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def a_phone(line: Line, login: str = "first", phone: str = PHONE, pin: str = PIN, **how: str) -> None:
    """A counselor's basic phone, with a PIN that was not given yet."""
    options = [word for name, value in how.items() for word in (f"--{name}", value)]
    code, said = ask(line, "counselors", "add", login, "--phone", phone, "--speaks", "en,es,sw", *options)
    assert code == 0, said
    if pin:
        with line.runtime.database.transaction() as tx:
            who = counselors.by_login(tx, login)
            assert who
            phones.set_pin(tx, line.runtime.vault, who, pin, "operator", line.clock.now())


def open_phone(line: Line, login: str = "first", phone: str = PHONE, **how: str) -> None:
    a_phone(line, login, phone, **how)
    assert line.texts(PIN, phone)


def desk(line: Line, text: str, phone: str = PHONE) -> str:
    """What the counselor reads after this text, as one."""
    return " ".join(line.texts(text, phone))


def waiting_ref(line: Line) -> int:
    return line.waiting()[0].ref


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_whole_round_by_text(database_url: str) -> None:
    with a_line(database_url) as line:
        open_phone(line)
        somebody_asks(line, name="Neighbour", topic="the roof")
        ref = waiting_ref(line)
        assert "You are on duty until 18:0" in desk(line, "on")
        assert f"Open 1, urgent 0, to be rung now 1. {ref} en" in desk(line, "list")
        answer = desk(line, "Next")
        assert f"{ref} is yours until" in answer
        for part in ("Name to say: Neighbour.", "Others may pick up.", "Nothing to a machine.", "the roof"):
            assert part in answer
        assert desk(line, f"note {ref} She has a sister.") == f"The note about {ref} is kept."
        assert desk(line, f"Done {ref} They will try the well.") == f"{ref} is closed. The note is kept."
        assert [each.state for each in line.rows(Callback)] == ["reached"]
        assert sorted(line.opened(Note, "body")) == ["She has a sister.", "They will try the well."]
        assert "You are off duty." in desk(line, "off")
        assert desk(line, "next") == "Nobody waits whom you can ring now."


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_ones_own_language_and_in_english(line: Line, language: str) -> None:
    open_phone(line, language=language)
    somebody_asks(line)
    words = line.runtime.content.languages[language].desk
    for name in ("list", "who", "on", "next", "card", "back", "off", "words"):
        for word in (words[name][0], name):
            said = desk(line, word)
            assert said and "not understood" not in said, (word, said)
    assert language == "en" or "Write:" not in desk(line, "words")


def test_what_is_taught_is_what_is_understood() -> None:
    known = i18n.languages(HOME / "locales")
    for code, language in known.items():
        assert set(language.desk) == set(NAMES), code
        words = {normalise(word): name for name, all_of in language.desk.items() for word in all_of}
        taught = language.gettext(
            "Write: next, take 12, card, read, call, text 12 …, note 12 …, done 12 note, tried, refused, close, "
            "later 12 30, back, list, who, day, plan 24/11 8-16, on, off."
        )
        named = {parse(words, text.strip()).name for text in taught.partition(":")[2].strip(" .").split(",")}  # type: ignore[union-attr]
        assert named == set(NAMES) - {"words", "pin"}, code


def test_no_word_of_the_desk_stops_or_calls_for_help_anywhere() -> None:
    known = i18n.languages(HOME / "locales")
    taken = {normalise(word) for each in known.values() for kind in ("stop", "person", "crisis", "start")
             for word in each.words[kind]} | {word.lower() for word in twilio.STOPS}  # fmt: skip
    words = {normalise(word) for each in known.values() for all_of in each.desk.values() for word in all_of}
    assert words & taken == set()


def test_each_answer_is_short_and_in_every_language(line: Line) -> None:
    """One part of a text, but for a card with a person's own words and for the list of words."""
    open_phone(line, language="sw")
    somebody_asks(line)
    ref = waiting_ref(line)
    for text in ("on", "who", "list", "take 99", f"take {ref}", "done 99", "back", "laterr 12", "off"):
        assert segments(desk(line, text)).count <= (2 if text.startswith("take") else 1), text
    assert len(ANSWERS) >= 20


def test_of_two_who_take_at_once_one_has_it_and_the_other_is_told_who(line: Line) -> None:
    open_phone(line)
    open_phone(line, "second", OTHER)
    somebody_asks(line)
    ref = waiting_ref(line)
    assert f"{ref} is yours" in desk(line, f"take {ref}")
    assert desk(line, f"take {ref}", OTHER) == f"first has {ref}."
    assert f"{ref} English." in desk(line, f"take {ref}")  # once more: the card again
    assert desk(line, f"done {ref}", OTHER) == f"{ref} is not yours."
    assert desk(line, "take 999999") == "999999 is not in the queue."
    assert desk(line, "done", OTHER) == "You have none."


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_fifty_who_press_next_at_once_get_each_request_once(database_url: str) -> None:
    with a_line(database_url) as line:
        for n in range(12):
            open_phone(line, f"c{n}", f"+2547220001{n:02}")
        for n in range(30):
            somebody_asks(line, n)
        start, answers = Barrier(12), []

        def press(n: int) -> None:
            start.wait()
            for i in range(3):
                form = [("MessageSid", f"SM{n:02}{i}"), ("From", f"+2547220001{n:02}"), ("To", "+254700000100")]
                answers.append(line.post("/twilio/sms", [*form, ("Body", "next"), ("NumMedia", "0")]).decode())

        threads = [Thread(target=press, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        got = [found[1] for answer in answers if (found := re.search(r">(\d+) is yours", answer))]
        assert len(got) == len(set(got)) == 30


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nxt", "next"),
        ("tke 12", "take 12"),
        ("takes 12", "take 12"),
        ("dnoe 12", "done 12"),
        ("latter 12 30", "later 12"),
        ("take", "take"),
        ("later 12 soon", "later 12"),
    ],
)
def test_what_is_not_understood_gets_the_likeliest_ones_back(line: Line, text: str, meant: str) -> None:
    open_phone(line)
    answer = desk(line, text)
    assert "not understood" in answer
    assert meant in answer
    assert answer.count(",") <= 1


@pytest.mark.parametrize("text", ["hello", "I am so tired today", "mood", "done with it all", "I sleep badly", "0"])
def test_whoever_works_here_may_need_the_line_as_well(line: Line, text: str) -> None:
    open_phone(line)
    answer = desk(line, text)
    assert "not understood. Did you" not in answer
    assert "yours" not in answer


def test_in_the_midst_of_a_question_its_answers_go_first(line: Line) -> None:
    open_phone(line)
    for text in ("hello", "1", "2", "1"):
        answer = desk(line, text)
    assert "How did you sleep" in answer
    assert "think too much" in desk(line, "next")  # which says there: skip this one


def test_danger_comes_before_every_command(line: Line) -> None:
    open_phone(line)
    somebody_asks(line)
    ref = waiting_ref(line)
    desk(line, "next")
    answer = desk(line, f"done {ref} I want to die")
    assert "0722" in answer
    assert [each.state for each in line.rows(Callback) if each.ref == ref] == ["claimed"]


@pytest.mark.parametrize(
    "words",
    [
        "She has a sister.",
        "wants to die, has pills, her aunt stays with her",
        "she asked me twice to stop calling her husband",
        "he said he will kill her tonight",
    ],
)
def test_what_is_noted_of_somebody_else_is_kept_and_stops_and_alerts_nobody(line: Line, words: str) -> None:
    open_phone(line)
    somebody_asks(line)
    ref = waiting_ref(line)
    desk(line, "next")
    assert desk(line, f"note {ref} {words}") == f"The note about {ref} is kept."
    assert line.opened(Note, "body") == [words]
    assert (line.rows(Alert), line.rows(OptOut)) == ([], [])
    assert "0722" in desk(line, "I want to die")


def test_a_phone_without_a_pin_commands_nothing(line: Line) -> None:
    a_phone(line, pin="")
    somebody_asks(line)
    assert desk(line, "next") == "This phone has no PIN yet. Whoever runs the desk gives you one."
    said = ask(line, "counselors", "pin", "first")[1]
    pin = re.search(r"PIN of first is (\d{6});", said)
    assert pin
    assert desk(line, "next") == "Write your PIN before it, as: 1234 next"
    assert "is yours" in desk(line, f"{pin[1]} next")
    assert desk(line, f"pin {pin[1]} 2580") == "The new PIN holds."
    assert "Write your PIN" in desk(line, "list")
    assert "Open 1" in desk(line, "2580 list")
    assert desk(line, "pin 2580 1111").startswith("Choose another one")


def test_the_pin_holds_for_half_a_day(line: Line) -> None:
    open_phone(line)
    line.later(hours=11, minutes=59)
    assert "Open 0" in desk(line, "list")
    line.later(minutes=2)
    assert "Write your PIN" in desk(line, "list")


def test_five_wrong_pins_and_the_right_one_opens_nothing_for_a_while(line: Line) -> None:
    a_phone(line)
    for n in range(5):
        assert desk(line, f"91{n}7 next").startswith("This did not go")
    assert desk(line, f"{PIN} next").startswith("This did not go")
    assert [each.what for each in line.rows(Entry)].count("PIN paused") == 1
    line.later(minutes=15)
    assert desk(line, f"{PIN} next") == "Nobody waits whom you can ring now."


def test_a_lost_phone_commands_nothing_from_that_moment(line: Line) -> None:
    open_phone(line)
    somebody_asks(line)
    assert ask(line, "counselors", "lost", "first")[0] == 0
    assert "yours" not in desk(line, "next")
    assert "Open" not in desk(line, f"{PIN} list")
    assert [each.state for each in line.rows(Callback)] == ["requested"]
    ask(line, "counselors", "phone", "first", PHONE)
    assert "no PIN yet" in desk(line, "next")


def test_nobody_else_commands_the_desk(line: Line) -> None:
    open_phone(line)
    ask(line, "counselors", "add", "reader", "--role", "auditor", "--phone", OTHER)
    somebody_asks(line)
    for phone in (ASHA, OTHER):
        assert "yours" not in desk(line, "next", phone)
        assert "Open" not in desk(line, "list", phone)


def test_nothing_that_was_written_about_somebody_stays_with_the_texts(line: Line) -> None:
    open_phone(line)
    somebody_asks(line, name="Neighbour", topic="the roof")
    ref = waiting_ref(line)
    desk(line, "next")
    desk(line, f"done {ref} They will try the well.")
    texts = _texts(line)
    assert texts
    for word in ("Neighbour", "the roof", "the well", PIN):
        assert not any(word in text for text in texts)


def _texts(line: Line) -> list[str]:
    vault = line.runtime.vault
    return [
        vault.open(f"messages.{column}", row.sid, getattr(row, column)).decode()
        for row in line.rows(Message)
        for column in ("body", "reply")
    ]


def test_a_text_that_comes_again_does_nothing_again(line: Line) -> None:
    open_phone(line)
    for n in range(3):
        somebody_asks(line, n)
    form = [("MessageSid", "SM1"), ("From", PHONE), ("To", "+254700000100"), ("Body", "next"), ("NumMedia", "0")]
    first = line.post("/twilio/sms", form).decode()
    again = line.post("/twilio/sms", form).decode()
    mine = re.search(r">(\d+) is yours until \d\d:\d\d\.", first)
    assert mine
    assert mine[0] in again
    assert [each.state for each in line.rows(Callback)].count("claimed") == 1


def test_the_thread_of_a_counselor_stays_where_it_was(line: Line) -> None:
    open_phone(line)
    for text in ("hello", "1", "2", "1"):
        desk(line, text)
    assert "Open 0" in desk(line, "list")
    assert "think too much" in desk(line, "1")


def test_urgent_ones_stand_out_and_their_alert_ends_when_they_are_closed(line: Line) -> None:
    open_phone(line)
    somebody_asks(line, 1, URGENT)
    ref = waiting_ref(line)
    assert f"{ref} en!" in desk(line, "list")
    assert f"{ref} English URGENT." in desk(line, "next")


@given(st.text(max_size=60) | st.tuples(st.sampled_from([*NAMES, "2580 next"]), st.text(max_size=40)).map(" ".join))
def test_whatever_is_written_parses_or_does_not(text: str) -> None:
    words = {name: name for name in NAMES}
    found = parse(words, typed(text).text)
    assert found is None or found.name in NAMES


def test_whatever_a_counselor_writes_the_answer_holds_nobodys_number(line: Line) -> None:
    open_phone(line)
    for n in range(5):
        somebody_asks(line, n, topic="ring +254711000999 {service_number:digits}")
    words = [*NAMES, "next", "take 1", "done", "?", "{hotline_number:digits}", "note 1 {x}", "4711", "ok", "card 12 34"]
    for text in words:
        answer = desk(line, text)
        numbers = [each for each in NUMBERS.findall(answer) if each != "+254711000999"]
        assert [each for each in numbers if each.startswith("+25470000000") or each.startswith("25470000000")] == []
    assert "{" not in desk(line, "card")


def test_words_of_the_desk_are_known_in_every_language(line: Line) -> None:
    for code in LANGUAGES:
        words = vocabulary(line.runtime.content, code)
        assert set(words.values()) == set(NAMES)
        assert words["next"] == "next"


def test_those_on_duty_are_told_when_somebody_waits_and_not_again_for_ten_minutes(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        a_phone(line)
        a_phone(line, "second", OTHER, language="sw")
        ask(line, "counselors", "on", "first")
        for n in range(3):
            somebody_asks(line, n)
        sweeps(line)
        assert (told(line, PHONE), told(line, OTHER)) == (["3 new. Answer: next"], [])
        line.later(minutes=1)
        somebody_asks(line, 4)
        ask(line, "counselors", "on", "second")
        sweeps(line)
        assert len(told(line, PHONE)) == 1
        line.later(minutes=10)
        sweeps(line)
        assert told(line, PHONE)[1:] == ["1 new. Answer: next"]
        assert told(line, OTHER) == ["Mapya 1. Jibu: linalofuata"]
        line.later(minutes=10)
        sweeps(line)
        assert len(told(line, PHONE)) == 2


def sweeps(line: Line) -> None:
    duties.tell_news(line.workers)
    line.ticks()


def told(line: Line, phone: str) -> list[str]:
    return [text.body for text in line.carrier.inbox(phone)]
