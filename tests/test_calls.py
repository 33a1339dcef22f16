"""What callers hear, in order and in time: the first choice soon, silence never long, always a way on."""

import hashlib
import json

import pytest
from people import ASHA, BARAKA, Line, a_line
from sqlalchemy import event

from ivr.models import Callback, Consent, Conversation, Exercise, Number

LANGUAGES = ("en", "es", "sw")


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def called(line: Line, language: str, keys: str = "1", number: str = ASHA):
    """A call that has gone through the door in this language; `keys` are pressed after it."""
    call = line.rings(number)
    call.press(str(LANGUAGES.index(language) + 1))
    for key in keys:
        call.press(key)
    return call


def test_the_first_choice_comes_soon_and_nothing_before_it_says_whose_line_this_is(line: Line) -> None:
    call = line.rings()
    first = next(entry for entry in call.heard if "press" in entry.text or "marque" in entry.text)
    assert first.at + first.seconds <= 10
    assert "Warmline" not in call.prompt


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_keeps_time_and_is_never_silent_for_more_than_four_seconds(line: Line, language: str) -> None:
    call = called(line, language, "1")
    before = call.now
    call.press("2").press("1")
    exercise = [entry for entry in call.heard if entry.at > before]
    assert sum(entry.seconds for entry in exercise) > 60
    quiet = [gap for gap in call.silences if gap.at > before and gap.at < call.heard[-1].at]
    assert max(gap.seconds for gap in quiet) <= 5  # four, and the second in which a key may still end the block


def test_a_key_during_an_exercise_ends_it_and_is_no_answer(line: Line) -> None:
    call = called(line, "en", "121")
    call.press("1", after=5)
    assert call.prompt.startswith("Did it help?")
    call.press("1")
    assert line.opened(Exercise, "helped") == ["yes"]


def test_whoever_never_presses_anything_is_led_on_and_hears_the_number_twice(line: Line) -> None:
    call = line.rings()
    waits = 0
    while not call.ended and waits < 30:
        call.wait()
        waits += 1
    heard = " ".join(entry.text for entry in call.heard if entry.kind == "say")
    assert call.ended
    assert heard.count("9, 9, 9") >= 2
    assert heard.endswith("Goodbye.")
    assert call.now > 120  # a minute of calm was in it


def test_any_key_on_the_path_without_keys_asks_for_a_call(line: Line) -> None:
    call = line.rings()
    while "you can press any key" not in call.prompt:
        call.wait()
    call.press("6")
    assert "Your request is kept" in call.prompt
    assert len(line.waiting()) == 1


def test_a_withheld_caller_gets_everything_but_is_not_kept(line: Line) -> None:
    call = line.rings(withheld="+266696687")
    call.press("1")
    assert "Your number is hidden" in call.prompt
    call.press("1")
    for _ in range(4):
        call.press("2")
    assert not line.rows(Number)
    assert all(row.contact_id is None for row in line.rows(Conversation))


def test_a_withheld_caller_can_leave_a_number(line: Line) -> None:
    call = line.rings(withheld="anonymous")
    call.press("1").press("3").press("2").press("1")
    call.press("0712345678#")
    assert "Your request is kept" in call.prompt
    assert line.opened(Number, "sealed") == ["+254712345678"]


def test_a_second_wish_to_be_rung_is_the_same_wish(line: Line) -> None:
    called(line, "en", "1311").hang_up()
    line.later(minutes=90)
    call = line.rings()
    call.press("1").press("3")
    assert "We have your request." in call.prompt
    call.press("1")
    assert "It stays with us" in call.prompt
    assert [request.asked for request in line.waiting()] == [2]
    call.press("3").press("4")
    assert not line.waiting()


def test_a_hurried_second_wish_keeps_the_hour_that_is_safe(line: Line) -> None:
    called(line, "en", "13411").hang_up()
    assert "999" in line.texts("i want to die")[0]
    line.texts("yes")
    assert [request.asked for request in line.waiting()] == [2]
    (card,) = line.opened(Callback, "card")
    assert json.loads(card)["when"] == "evening"


def test_two_people_on_two_phones_do_not_meet(line: Line) -> None:
    first, second = called(line, "en", "1"), called(line, "es", "1", BARAKA)
    first.press("1")
    second.press("2")
    assert "How did you sleep" in first.prompt
    assert "How did you sleep" not in second.prompt


def test_consent_is_kept_with_the_words_that_were_heard(line: Line) -> None:
    called(line, "en", "1").hang_up()
    called(line, "es", "2", BARAKA).hang_up()
    given, refused = sorted(line.rows(Consent), key=lambda row: row.created_at)
    assert (given.given, given.language, given.channel, given.purpose) == (True, "en", "voice", "keep")
    assert (refused.given, refused.language) == (False, "es")
    assert given.words != refused.words


def test_consent_changed_on_its_own_is_kept_with_the_words_that_were_read(line: Line) -> None:
    called(line, "en", "1").hang_up()
    for text in ("settings", "2", "1", "no"):
        line.texts(text)
    given, refused = sorted(line.rows(Consent), key=lambda row: row.created_at)
    assert (given.given, refused.given, refused.channel) == (True, False, "sms")
    assert refused.words != hashlib.sha256(b"").hexdigest()


def test_after_an_hour_a_dropped_call_is_forgotten(line: Line) -> None:
    called(line, "en", "11").hang_up()
    line.later(minutes=61)
    call = line.rings()
    call.press("1")
    assert "cut off" not in call.prompt


def test_a_dropped_call_goes_on_by_text_and_moves_there(line: Line) -> None:
    called(line, "en", "112").hang_up()
    line.later(minutes=5)
    assert "cut off" in line.texts("hello")[0]
    assert "think too much" in line.texts("1")[0]
    call = line.rings()
    call.press("1")
    assert "cut off" in call.prompt  # the thread of texts is now what waits
    call.press("1")
    assert "think too much" in call.prompt
    assert "mood" in call.press("1").prompt


def test_a_call_cut_off_at_the_offer_to_go_on_has_lost_nothing(line: Line) -> None:
    called(line, "en", "112").hang_up()
    for _ in range(2):
        again = line.rings()
        again.press("1")
        assert "cut off" in again.prompt
        again.hang_up()
        line.later(minutes=5)
    assert "cut off" in line.texts("hello")[0]
    assert "think too much" in line.texts("1")[0]


def test_whoever_only_rang_and_hung_up_was_not_cut_off(line: Line) -> None:
    line.rings().hang_up()
    called(line, "en", "1").hang_up()
    call = line.rings()
    call.press("1")
    assert "What would help now?" in call.prompt


def test_a_language_chosen_on_a_call_holds_in_a_thread_that_waits(line: Line) -> None:
    for text in ("hello", "1", "no"):
        line.texts(text)
    call = line.rings()
    call.press("1")
    while "What would help now?" not in call.prompt:
        call.wait()
    call.press("4").press("1").press("2")
    assert "1 = " in line.texts("hmm")[0]
    assert line.texts("0")[0].startswith("Si ")


def test_a_menu_turn_is_one_select_and_one_update(line: Line) -> None:
    call = called(line, "en", "1")
    call.press("2")
    seen: list[str] = []
    line.runtime.database.close()
    event.listen(line.runtime.database.engine, "connect", lambda each, _: each.set_trace_callback(seen.append))
    call.press("9")
    seen.clear()
    call.press("2")
    assert [statement.split()[0] for statement in seen] == ["BEGIN", "SELECT", "UPDATE", "COMMIT"]


def test_a_text_does_not_take_the_place_of_a_call_that_still_runs(line: Line) -> None:
    call = called(line, "en", "11")
    assert "cut off" not in line.texts("hello")[0]
    assert "think too much" in call.press("2").prompt
    call.hang_up()


def test_the_key_after_a_silence_is_heard_however_soon_it_comes(line: Line) -> None:
    call = called(line, "en", "11")
    call.wait()
    call.press("1", after=0.2)
    assert "think too much" in call.prompt
