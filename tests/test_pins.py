"""Several people on one phone: each finds what is theirs by a PIN, and whoever guesses learns nothing at all."""

import hashlib
from collections.abc import Iterator

import pytest
from people import ASHA, BARAKA, Line, a_line, a_reaching_line
from reaching import CALL, CHECKIN, TEXT, by_text, knocks, passes

from ivr.models import Checkin, Consent, Contact, Conversation, Outgoing, PinTries

LANGUAGES = {"en": "1", "es": "2", "sw": "3"}
PIN, SECOND, WRONG = "258046", "7391", "640752"
THIS_PHONE, A_PIN, CHOOSE, SECOND_ONE, NO_MORE = "3", "2", "2", "3", "4"


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Line]:
    with a_line(sqlite_url) as line:
        yield line


def writes(line: Line, *texts: str, number: str = ASHA) -> str:
    """The answer to the last of these texts."""
    return ["\n".join(line.texts(text, number)) for text in texts][-1]


def meets(line: Line, language: str = "1") -> None:
    """Asha's answers may be kept, and a heavy check-in is."""
    writes(line, "hello", language, "1", "1", "3", "3", "3", "3", "2", "3", "8")


def chooses(line: Line, pin: str = PIN) -> str:
    return writes(line, "hello", "4", THIS_PHONE, A_PIN, CHOOSE, pin, pin)


def locked(line: Line, language: str = "1", second: str = "") -> None:
    """Asha has put all that is hers behind a PIN, and some time has passed."""
    meets(line, language)
    chooses(line)
    if second:
        writes(line, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, second, second)
    writes(line, "8")
    line.later(minutes=20)


def heard(line: Line, *keys: str, number: str = ASHA) -> str:
    """All that a call says whose caller presses these."""
    call = line.rings(number)
    said = [call.listen()]
    for key in keys:
        said.append(call.press(key).listen())
    call.hang_up()
    line.later(seconds=30)
    return "\n".join(said)


def owner(line: Line) -> str:
    """Whose conversation the last one was."""
    return max(line.rows(Conversation), key=lambda row: row.updated_at).contact_id


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every slow hash that is made."""
    made: list[bytes] = []
    scrypt = hashlib.scrypt

    def counted(secret: bytes, **how: object) -> bytes:
        made.append(secret)
        return scrypt(secret, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_text_the_pin_opens_what_is_ones_own(line: Line, language: str) -> None:
    locked(line, LANGUAGES[language])
    mine = next(row.id for row in line.rows(Contact) if row.pin)
    writes(line, f"pin {PIN}")
    assert owner(line) == mine
    assert next(row for row in line.rows(Contact) if row.id == mine).language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keypad_six_and_the_pin_open_it_after_the_first_words(line: Line, language: str) -> None:
    locked(line, LANGUAGES[language])
    mine = next(row.id for row in line.rows(Contact) if row.pin)
    said = heard(line, "6", PIN + "#")
    assert owner(line) == mine
    hello = "This is Warmline, an automated line. A person: press zero."
    assert line.runtime.content.languages[language].gettext(hello).split(",")[0] in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_it_the_phone_is_as_one_that_nobody_ever_used(line: Line, language: str) -> None:
    locked(line, LANGUAGES[language])
    steps = [("hello",), ("1",), ("2",), ("4",), ("3",), ("1",), ("hello",), ("reminders",), ("later",), ("pause",)]
    texts = [[writes(line, *step, number=number) for step in steps] for number in (ASHA, BARAKA)]
    assert texts[0] == texts[1]
    calls = [heard(line, "1", "1", "4", "2", number=number) for number in (ASHA, BARAKA)]
    assert calls[0] == calls[1]


@pytest.mark.parametrize("comes", ["hello", "pin 640752", "rings"])
def test_whoever_comes_without_it_is_known_for_as_long_as_a_stranger(line: Line, comes: str) -> None:
    locked(line)
    line.later(days=40)
    for number in (ASHA, BARAKA):
        heard(line, "1", number=number) if comes == "rings" else writes(line, comes, "8", number=number)
    line.later(days=3)
    steps = ("hello", "1", "2", "my data", "1")
    asha, baraka = ([writes(line, step, number=number) for step in steps] for number in (ASHA, BARAKA))
    assert asha == baraka
    assert "Kept for 4 days" in asha[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_thread_stays_with_whoever_wrote_in_it_though_a_pin_is_given_there(line: Line, language: str) -> None:
    """Asha enters hers in the midst of a check-in of her husband's. Baraka is alone, and does as the husband does."""
    locked(line, LANGUAGES[language])
    for number in (ASHA, BARAKA):
        writes(line, "hello", LANGUAGES[language], "1", "1", "3", number=number)
    writes(line, f"pin {PIN}", "1", "8")
    line.later(minutes=1)
    steps = ("3", "3", "3", "2", "3", "my data", "1", "8", "hello")
    his, others = ([writes(line, step, number=number) for step in steps] for number in (ASHA, BARAKA))
    assert his == others
    assert len([row for row in line.rows(Checkin) if row.finished_at]) == 3


def test_nothing_of_it_waits_for_the_next_one_that_a_pin_was_looked_for(quick: Line) -> None:
    locked(quick)
    for number in (ASHA, BARAKA):
        writes(quick, "hello", "1", "2", "8", number=number)
    writes(quick, "settings", THIS_PHONE, A_PIN, "1", PIN, "8")
    assert writes(quick, "hello") == writes(quick, "hello", number=BARAKA)


def test_a_second_pin_shuts_what_the_first_one_had_opened(quick: Line) -> None:
    locked(quick, second=SECOND)
    writes(quick, f"pin {PIN}", "1", f"pin {SECOND}")
    decoy = next(row.id for row in quick.rows(Contact) if row.decoy_of)
    default = next(row.id for row in quick.rows(Contact) if not row.pin)
    assert owner(quick) == decoy
    writes(quick, "8", "hello")
    assert owner(quick) == default


def test_a_wrong_pin_one_that_nobody_has_and_a_pause_are_answered_alike(line: Line, hashes: list[bytes]) -> None:
    locked(line)
    hashes.clear()
    answers = {number: [] for number in (ASHA, BARAKA)}
    writes(line, "hello", "1", "2", number=BARAKA)
    writes(line, "hello", "1", "2")
    for number, said in answers.items():
        for pin in (WRONG, "111222", "2580", "4040", "6565", PIN, PIN, WRONG):  # the sixth one is right, and paused
            said.append(writes(line, f"pin {pin}", number=number))
    every = answers[ASHA] + answers[BARAKA]
    assert set(every) == {every[0]}
    assert len(hashes) == len(every)


def test_the_keypad_hears_the_same_and_shares_the_count(line: Line, hashes: list[bytes]) -> None:
    locked(line)
    for _ in range(3):
        writes(line, f"pin {WRONG}")
    first = heard(line, "6", WRONG + "#")
    heard(line, "6", WRONG + "#")
    assert heard(line, "6", PIN + "#") == first  # five misses on two channels: not even the right one opens
    (tries,) = line.rows(PinTries)
    assert tries.paused_until > line.clock.now()
    line.later(minutes=15)
    assert heard(line, "6", PIN + "#") != first


def test_after_a_quarter_of_an_hour_the_pin_opens_again(line: Line) -> None:
    locked(line)
    wrong = writes(line, *[f"pin {WRONG}"] * 5)
    line.later(minutes=14)
    assert writes(line, f"pin {PIN}") == wrong
    line.later(minutes=1)
    assert writes(line, f"pin {PIN}") != wrong


def test_ones_own_pin_buys_no_tries_at_those_of_others(quick: Line) -> None:
    locked(quick)
    meets(quick)
    chooses(quick, SECOND)  # somebody else on this phone
    writes(quick, "8")
    quick.later(minutes=20)
    for _ in range(2):
        writes(quick, f"pin {WRONG}", f"pin {WRONG}", f"pin {SECOND}", "8")
    shut = writes(quick, f"pin {WRONG}")
    assert writes(quick, f"pin {PIN}") == shut
    assert writes(quick, f"pin {SECOND}") == shut


def test_choosing_a_pin_is_no_way_to_guess_one(quick: Line) -> None:
    locked(quick)
    writes(quick, "hello", "1", "2", "8")
    taken = []
    for pin in (PIN, "1111", "123456", "9876", PIN, WRONG):  # the last one is free, but these were five tries
        taken.append(writes(quick, "settings", THIS_PHONE, A_PIN, CHOOSE, pin, pin))
        writes(quick, "8")
    assert set(taken) == {taken[0]}
    assert "cannot be had" in taken[0]
    assert writes(quick, f"pin {PIN}") == writes(quick, f"pin {WRONG}")


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("words", ["0", "help", "i want to die", "8", "STOP"])
def test_help_stays_open_all_the_while(line: Line, words: str, paused: bool) -> None:
    locked(line)
    for _ in range(5 if paused else 1):
        writes(line, f"pin {WRONG}")
    writes(line, "pin")
    said = writes(line, words)
    expected = {"8": "Thank you. Goodbye.", "STOP": "", "i want to die": "If your life is in danger now"}
    assert expected.get(words, "If your life is in danger now") in said


@pytest.mark.parametrize("paused", [False, True])
def test_by_keypad_zero_is_heard_at_the_pin_too(line: Line, paused: bool) -> None:
    locked(line)
    for _ in range(5 if paused else 0):
        writes(line, f"pin {WRONG}")
    assert "If your life is in danger now" in heard(line, "6", "0#")
    assert "If your life is in danger now" in heard(line, "6", WRONG + "#", "0")


def keeps_nothing(line: Line, language: str = "1") -> None:
    """Baraka uses the line as many do: a language, and a no to keeping answers."""
    writes(line, "hello", language, "2", "8", number=BARAKA)
    line.later(minutes=20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_pin_opens_what_somebody_would_find_who_keeps_nothing(line: Line, language: str) -> None:
    locked(line, LANGUAGES[language], second=SECOND)
    keeps_nothing(line, LANGUAGES[language])
    steps = ["1", "3", "3", "3", "3", "2", "4", "2", "1", "2", "hello", "reminders", "later", "settings", "3", "2", "8"]
    first = [writes(line, f"pin {SECOND}"), *(writes(line, step) for step in steps)]
    other = [writes(line, "hello", number=BARAKA), *(writes(line, step, number=BARAKA) for step in steps)]
    assert first == other


@pytest.mark.parametrize("language", LANGUAGES)
def test_by_keypad_the_second_pin_opens_the_same(line: Line, language: str) -> None:
    locked(line, LANGUAGES[language], second=SECOND)
    keeps_nothing(line, LANGUAGES[language])
    for keys in (("4", "2", "1", "2"), ("1", "2", "2", "2", "2"), ("4", "4"), ("3",)):
        opened = heard(line, "6", SECOND + "#", *keys).split("\n")
        other = heard(line, "1", *keys, number=BARAKA).split("\n")
        assert opened[2:] == other[1:]  # behind the first words, and the question for the PIN


def test_the_second_pin_is_no_newer_than_the_first(quick: Line) -> None:
    meets(quick)
    quick.later(days=200)
    chooses(quick)
    writes(quick, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, SECOND, SECOND, "8")
    assert "Kept for 201 days: 0 check-ins" in writes(quick, f"pin {SECOND}", "my data", "1")


def test_a_second_pin_that_is_changed_opens_the_same_place(quick: Line) -> None:
    locked(quick, second=SECOND)
    before = writes(quick, f"pin {SECOND}")
    writes(quick, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, "9146", "9146", "8")
    assert writes(quick, "pin 9146") == before
    (decoy,) = [row for row in quick.rows(Contact) if row.decoy_of]
    assert [row.given for row in quick.rows(Consent) if row.contact_id == decoy.id] == [False]


def test_by_text_a_pin_holds_only_while_somebody_writes(quick: Line) -> None:
    locked(quick)
    mine = next(row.id for row in quick.rows(Contact) if row.pin)
    writes(quick, f"pin {PIN}")
    quick.later(minutes=14)
    writes(quick, "4")
    assert owner(quick) == mine
    quick.later(minutes=16)
    writes(quick, "1")
    assert owner(quick) != mine


def test_leaving_shuts_it_at_once(quick: Line) -> None:
    locked(quick)
    mine = next(row.id for row in quick.rows(Contact) if row.pin)
    writes(quick, f"pin {PIN}", "8", "hello")
    assert owner(quick) != mine


def test_a_pin_can_be_changed_and_taken_away(line: Line) -> None:
    locked(line)
    writes(line, f"pin {PIN}", "4", THIS_PHONE, A_PIN, CHOOSE, SECOND, SECOND, "8")
    mine = next(row.id for row in line.rows(Contact) if row.pin)
    shut = writes(line, f"pin {PIN}")
    writes(line, f"pin {SECOND}")
    assert owner(line) == mine
    assert "no PIN any more" in writes(line, "4", THIS_PHONE, A_PIN, NO_MORE)
    writes(line, "8", "hello")
    assert owner(line) == mine
    assert writes(line, f"pin {SECOND}") == shut


@pytest.mark.parametrize(("language", "delete"), [("1", "Delete these"), ("2", "Borre estos"), ("3", "Futa jumbe")])
def test_whoever_chooses_one_by_text_is_told_that_the_texts_tell_of_it(quick: Line, language: str, delete: str) -> None:
    meets(quick, language)
    assert delete in chooses(quick)
    assert delete in writes(quick, "settings", THIS_PHONE, A_PIN, SECOND_ONE, SECOND, SECOND)
    assert delete not in heard(quick, "6", PIN + "#", "4", THIS_PHONE, A_PIN, SECOND_ONE, "9146#", "9146#")


def test_two_different_answers_are_no_pin(quick: Line) -> None:
    meets(quick)
    said = writes(quick, "hello", "4", THIS_PHONE, A_PIN, CHOOSE, PIN, WRONG)
    assert "not the same" in said
    assert [row.pin for row in quick.rows(Contact)] == [None]


@pytest.mark.parametrize("how", [TEXT, CALL])
def test_what_goes_out_to_somebody_with_a_pin_asks_for_it_first(database_url: str, how: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN, how=how)
        writes(line, "8", "hello", "4", THIS_PHONE, A_PIN, CHOOSE, PIN, PIN, "8")
        passes(line, "2026-11-24", "12:30")
        assert "sleep" in (opened_by_text if how == TEXT else opened_by_call)(line)


@pytest.mark.parametrize("how", [TEXT, CALL])
def test_so_it_does_where_whoever_had_none_was_erased(database_url: str, how: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN, how=how)
        writes(line, "8", "hello", "4", THIS_PHONE, A_PIN, CHOOSE, PIN, PIN, "8")
        assert "is erased" in writes(line, "hello", "1", "2", "erase", "2", "1", "1")
        passes(line, "2026-11-24", "12:30")
        assert "sleep" in (opened_by_text if how == TEXT else opened_by_call)(line)


@pytest.mark.parametrize("how", [TEXT, CALL])
@pytest.mark.parametrize("shown", [SECOND, "914052"])
def test_what_comes_is_met_behind_the_second_pin_as_behind_an_only_one(database_url: str, how: str, shown: str) -> None:
    """But not behind the PIN of somebody else, who was not meant."""
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN, how=how)
        writes(line, "8")
        chooses(line)
        writes(line, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, SECOND, SECOND, "8")
        keeps = ("hello", "1", "2", "hello", "4", THIS_PHONE, A_PIN, CHOOSE, "914052", "914052", "8")
        writes(line, *keeps)
        passes(line, "2026-11-24", "12:30")
        said = (opened_by_text if how == TEXT else opened_by_call)(line, shown)
        assert ("sleep" in said) is (shown == SECOND)
        before = len(line.rows(Checkin))
        writes(line, "3", "3")
        assert len(line.rows(Checkin)) == before  # nothing is kept there


def opened_by_text(line: Line, pin: str = PIN) -> str:
    assert len(knocks(line)) == 1
    shut = writes(line, "1")
    assert "sleep" not in shut
    assert "PIN" in shut
    assert "sleep" not in writes(line, WRONG)
    return writes(line, "1", pin)


def opened_by_call(line: Line, pin: str = PIN) -> str:
    call = line.carrier.answer(ASHA)
    assert "sleep" not in call.press("1").listen()
    assert "sleep" not in call.press(WRONG + "#").listen()
    call.press("1")
    said = call.press(pin + "#").listen()
    call.hang_up()
    return said


def test_no_pin_is_kept_in_the_open(quick: Line) -> None:
    locked(quick, second=SECOND)
    writes(quick, f"pin {WRONG}")
    stored = [str(vars(row)) for model in (Contact, Conversation, Outgoing, PinTries) for row in quick.rows(model)]
    for pin in (PIN, SECOND, WRONG):
        assert pin not in "\n".join(stored)
