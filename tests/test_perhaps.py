"""What may mean danger, or something else: the numbers come in any case, and one direct question before any alert."""

from functools import cache
from itertools import islice

import pytest
from detecting import CODES, at_once, patterns_alone, sets
from detecting import shipped as read
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_reaching_line
from reaching import meets
from test_correspondence import asks, holds, reads, writes

from ivr.models import Alert, Callback, OptOut

SOME = 40  # texts: there are hundreds
KINDS = ("everyday", "others.danger", "danger")
ASKED = {"en": "Is anybody in danger", "es": "¿Hay alguien en peligro", "sw": "kuna mtu aliye hatarini"}
YES = {"en": "yes", "es": "sí", "sw": "ndiyo"}
NO = {"en": "no", "es": "no", "sw": "hapana"}


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


shipped, patterns = cache(read), cache(patterns_alone)


@cache
def unsure(code: str) -> list[str]:
    """Some texts of this language of which the line is not sure, as it is shipped."""
    texts = (text for kind in KINDS for each, *both in sets(kind) if each == code for text in (*both[0], *both[1]))
    found = ((text, shipped().danger(text, code)) for text in texts)
    sought = (text for text, danger in found if danger and not danger.sure and danger.language == code)
    return list(islice(sought, SOME))


def writes_so(line: Line, code: str, at: int = 0) -> list[str]:
    """A stranger who speaks this language writes what may mean something else."""
    return line.texts(unsure(code)[at % len(unsure(code))])


@pytest.mark.parametrize("code", CODES)
def test_the_numbers_come_first_then_it_is_asked_and_nobody_is_alerted(line: Line, code: str) -> None:
    numbers, question, *_ = writes_so(line, code)
    assert "999" in numbers and "0722 178 177" in numbers and ASKED[code] in question
    assert line.rows(Alert) == [] == line.rows(Callback)


@pytest.mark.parametrize("code", CODES)
def test_a_yes_alerts_at_once_and_a_call_is_offered(line: Line, code: str) -> None:
    writes_so(line, code)
    offered = line.texts(YES[code])
    (request,) = line.waiting()
    assert (len(line.rows(Alert)), request.asked, request.urgent_at is not None) == (1, 0, True)
    line.texts(YES[code])
    assert line.waiting()[0].asked and len(line.rows(Alert)) == 1, offered


@pytest.mark.parametrize("code", CODES)
def test_a_no_leads_to_the_door_and_takes_nothing_away(quick: Line, code: str) -> None:
    writes_so(quick, code)
    door = quick.texts(NO[code])
    assert "0 = " in door[0] and quick.rows(Alert) == []
    assert "999" in quick.texts("0")[0]
    quick.texts({"en": "i want to die", "es": "me quiero morir", "sw": "nataka kufa"}[code])
    assert len(quick.rows(Alert)) == 1


@pytest.mark.parametrize("code", CODES)
def test_what_is_no_answer_is_asked_again_and_then_taken_for_a_yes(quick: Line, code: str) -> None:
    writes_so(quick, code)
    (again,) = quick.texts("hm")
    assert "1 = " in again and quick.rows(Alert) == []
    (offered,) = quick.texts("hm")
    assert offered == quick.texts("9")[0] and len(quick.rows(Alert)) == 1
    quick.texts(YES[code])
    assert [bool(each.asked) for each in quick.waiting()] == [True]


@given(st.text(max_size=200), st.integers(0, 10_000), st.text(max_size=200))
def test_what_a_pattern_hears_is_never_only_asked_about(before: str, at: int, after: str) -> None:
    texts = [(text, code) for code, heard, _ in sets("danger") for text in heard]
    text, code = texts[at % len(texts)]
    said = f"{before} {text} {after}"
    assert patterns().danger(said, code) is None or at_once(shipped().danger)(said, code)


def test_a_question_that_waits_for_the_very_text_is_answered_with_the_numbers_in_front(quick: Line) -> None:
    ref = asks(quick)
    page = holds(quick, ref)
    quick.texts("hello")
    writes(page, ref)
    numbers, *answered = quick.texts(unsure("en")[0])
    assert "999" in numbers and answered and ASKED["en"] not in "".join(answered)
    assert unsure("en")[0] in page.sees(f"/requests/{ref}") and quick.rows(Alert) == []


def test_it_is_not_asked_again_and_again(quick: Line) -> None:
    first, *others = dict.fromkeys(unsure("en"))
    for at, second in enumerate(others[:8]):
        quick.texts(first, number := f"+25471100010{at}")
        numbers, *rest = quick.texts(second, number)
        assert "999" in numbers and ASKED["en"] not in "".join(rest)


def test_two_that_may_mean_something_else_are_no_surer_together(quick: Line) -> None:
    quick.texts("ive been crying at adverts today think its hormones")
    quick.texts("woke up on the wrong side of the bed today")
    assert quick.rows(Alert) == []


def test_a_stop_that_may_be_said_in_danger_is_kept_and_answered_with_the_numbers_in_front(quick: Line) -> None:
    meets(quick)
    numbers, stopped = quick.texts("its over for me, no more messages please")
    assert "999" in numbers and stopped.startswith("Stopped")
    assert (len(quick.rows(OptOut)), quick.rows(Alert)) == (1, [])


@pytest.mark.parametrize("code", CODES)
def test_a_wish_for_no_more_texts_holds_beside_it(quick: Line, code: str) -> None:
    stop = {"en": "stop texting me please", "es": "no me manden más mensajes", "sw": "msinitumie ujumbe tena"}[code]
    meets(quick)
    answered = quick.texts(stop)
    assert len(quick.rows(OptOut)) == 1 and len(answered) == 1


def test_fixed_words_and_what_the_line_teaches_are_no_question(quick: Line) -> None:
    keywords = quick.runtime.content.keywords
    assert not any(keywords.listen(text, code).perhaps for code in CODES for text in keywords.exact)


def test_counselors_are_not_asked_about_what_they_note(quick: Line) -> None:
    ref = asks(quick)
    holds(quick, ref)
    assert reads(quick)
    assert quick.runtime.content.keywords.listen(f"note {ref} {unsure('en')[0]}", "en").crisis == ""
