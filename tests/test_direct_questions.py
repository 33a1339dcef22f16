"""Direct questions about danger: a yes in whatever words brings help, in each language, and none takes it away."""

import pytest
from people import Line, a_line
from reaching import meets

from ivr.models import Alert, Callback

CODES = ("en", "es", "sw")
QUESTIONS = 4
NO = {"en": "no", "es": "no", "sw": "hapana"}
YES = {
    "en": (
        *("yes", "yess", "YEEES", "every day", "always", "sometimes", "maybe", "I do", "I have", "i think so", "👍🏾"),
        *("yes but not today", "a little", "I have, many times", "ndiyo", "sí", "creo que sí", "kila siku"),
    ),
    "es": (
        *("sí", "siii", "creo que sí", "la verdad sí", "siempre", "a veces", "todos los días", "tal vez", "yes"),
        *("lo he pensado", "todos los dias lo pienso", "ndiyo", "mara nyingi", "every day", "👍"),
    ),
    "sw": (
        *("ndiyo", "ndiyooo", "kila siku", "mara nyingi", "ni kweli", "labda", "yes", "yeah", "sí", "wakati mwingine"),
        *("nadhani ndiyo", "ndiyo lakini si leo", "siempre", "sometimes", "👍🏿"),
    ),
}
UNCLEAR = {
    "en": ("not now but before", "what do you mean", "blue", "it depends", "not sure", "why?"),
    "es": ("sí pero hoy no", "no sé", "depende", "para qué?", "azul"),
    "sw": ("sijui", "kwa nini", "bluu", "hmm"),
}
NO_NO = {  # a yes with a word of no in it, or beside it, in whatever language; and what refuses to answer
    "en": (
        *("i dont want to say", "never stops", "I never stop thinking about it", "I didn't succeed", "2 times"),
        *("2 weeks ago", "i never told anybody", "I do not deny it"),
        *("i cant say no", "never say never", "no, mara nyingine", "no, i mean at night", "not now", "i dont know"),
        *("never as much as now", "i dont want to answer that", "I havent told anybody", "siwezi kusema hapana"),
        *("not recently", "i never stop thinking of it", "no, not every day"),
    ),
    "es": (
        *("no quiero decir", "nunca para", "nunca se me quita"),
        *(
            "nunca digo nunca",
            "no mucho",
            "casi nunca",
            "nunca tanto como ahora",
            "ahora no",
            "no quiero contestar eso",
        ),
        *(
            "no quiero mentirle",
            "no, sometimes",
            "no, casi",
            "nunca paro de pensarlo",
            "hapana pero de noche",
            "not now",
        ),
    ),
    "sw": (
        *("sitaki kusema", "sijawahi kuacha", "sijawahi kumwambia mtu", "hapana ndiyo", "mara 2"),
        *("siwezi kusema hapana", "hapana lakini kuna siku", "sio sana", "sio sasa", "sitaki kudanganya", "si hapana"),
        *("sijawahi kuacha kuwaza hivyo", "hapana, kila siku", "hapana siku inapita bila hiyo", "sitaki kujibu"),
    ),
}
A_NO = {
    "en": (
        *("NO!", "no not really", "nevr", "I have never", "no i didnt", "2."),
        *("never", "not really", "I have not", "I didn't", "not at all", "not once", "no, never", "nooo", "naah", "👎"),
        *("of course not", "not even once", "thank god no", "no. i was just tired", "hell no", "no i dont", "2"),
    ),
    "es": (
        *("nunca jamás", "la verdad no", "no, gracias", "no realmente", "2"),
        *("nunca", "no, nunca", "para nada", "no gracias a Dios", "¡cómo cree!", "ni una vez", "hapana", "noo, jamás"),
        *("no. fue el trabajo", "claro que no"),
    ),
    "sw": (
        *("hapana sijawahi", "sijawahi kabisa", "hapana hata mara moja", "hapana asante", "la"),
        *("hapana", "hapana kabisa", "hapana, sijawahi", "sijawahi", "sijawah", "la hasha", "zii", "hata mara moja"),
        *("hapana niko sawa", "hapana. nimechoka tu", "no", "kamwe"),
    ),
}
CALL_ME = {
    "en": ("call me", "please", "please call me", "Call me please!", "sawa", "sí", "llámame", "nipigie", "👍", "1"),
    "es": ("llámame", "llámenme por favor", "por favor", "sí llámenme", "sawa", "yes", "call me", "nipigie", "👍"),
    "sw": ("nipigie", "tafadhali", "naomba nipigieni", "ndio nipigie", "sí", "yes", "call me", "ok", "👍"),
}
NOT_ME = {
    "en": ("don't call me", "no", "please don't call", "hapana", "rather not", "2"),
    "es": ("no me llamen", "mejor no", "no gracias", "hapana", "no"),
    "sw": ("msinipigie", "hapana", "no", "afadhali asinipigie"),
}
DANGER = {"en": "I want to die", "es": "quiero morirme", "sw": "nataka kujiua"}


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def each(of: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(code, text) for code, texts in of.items() for text in texts]


def speaks(line: Line, code: str, number: str) -> None:
    meets(line, number, language=str(CODES.index(code) + 1))


def comes_to(line: Line, code: str, question: int, number: str = "+254711000001") -> list[str]:
    """By text to one of the four questions, by a check-in of a heavy day."""
    speaks(line, code, number)
    line.texts(line.runtime.content.flows[code].flows["checkin"].keywords[0], number)
    for answer in ("3", "3", "3", "3", "1"):
        said = line.texts(answer, number)
    for _ in range(question):
        said = line.texts("2", number)
    return said


def gets_the_numbers(said: list[str]) -> bool:
    """In one text by itself, though the carrier may have one of its own before it, for YES is a START to it."""
    return any("999" in text and "0722 178 177" in text for text in said[:2])


@pytest.mark.parametrize(("code", "text"), each(YES))
def test_a_yes_in_whatever_words_brings_the_numbers_and_an_alert(quick: Line, code: str, text: str) -> None:
    comes_to(quick, code, len(text) % QUESTIONS)
    assert gets_the_numbers(quick.texts(text))
    assert len(quick.rows(Alert)) == 1


@pytest.mark.parametrize(("code", "text"), [*each(UNCLEAR), *each(NO_NO)])
def test_what_is_not_understood_is_asked_again_and_then_taken_for_a_yes(quick: Line, code: str, text: str) -> None:
    comes_to(quick, code, len(text) % QUESTIONS)
    quick.texts(text)
    assert quick.rows(Alert) == []
    assert gets_the_numbers(quick.texts(text))
    assert len(quick.rows(Alert)) == 1


@pytest.mark.parametrize("code", CODES)
def test_four_times_no_and_a_refusal_alert_nobody_and_hear_the_numbers(quick: Line, code: str) -> None:
    said = comes_to(quick, code, 3)
    said = quick.texts(NO[code])
    assert "999" in " ".join(said) and "0722 178 177" in " ".join(said)
    assert quick.rows(Alert) == []


@pytest.mark.parametrize(("code", "text"), each(A_NO))
def test_a_no_has_many_words_too(quick: Line, code: str, text: str) -> None:
    without = comes_to(quick, code, 1, "+254711000002")[0]
    comes_to(quick, code, 0)
    assert quick.texts(text)[0] == without and quick.rows(Alert) == []


def test_a_yes_of_whoever_hangs_up_is_no_request_of_theirs(line: Line) -> None:
    comes_to(line, "en", 0)
    line.texts("yes")
    (request,) = line.rows(Callback)
    assert not request.asked


@pytest.mark.parametrize(("code", "text"), each(CALL_ME))
def test_whoever_writes_call_me_behind_the_numbers_is_kept_as_asking(quick: Line, code: str, text: str) -> None:
    speaks(quick, code, "+254711000001")
    quick.texts(DANGER[code])
    quick.texts(text)
    (request,) = quick.rows(Callback)
    assert request.asked and request.urgent_at


@pytest.mark.parametrize(("code", "text"), each(NOT_ME))
def test_whoever_would_rather_not_is_not(quick: Line, code: str, text: str) -> None:
    speaks(quick, code, "+254711000001")
    quick.texts(DANGER[code])
    quick.texts(text)
    (request,) = quick.rows(Callback)
    assert not request.asked and len(quick.rows(Alert)) == 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        *(("en", text) for text in ("later", "tomorrow", "tomorrow 7", "no more", "never again")),
        *(("es", text) for text in ("ya no", "2 veces", "3 veces", "luego", "mañana")),
        *(("sw", text) for text in ("baadaye", "kesho", "basi")),
    ],
)
def test_a_word_that_means_something_else_elsewhere_leads_away_from_no_direct_question(
    quick: Line, code: str, text: str
) -> None:
    comes_to(quick, code, QUESTIONS - 1)
    question = quick.runtime.content.flows[code].nodes["safety", "ever"].exit
    assert question.after_unclear[0][0].sms in " ".join(quick.texts(text))
    assert gets_the_numbers(quick.texts(text)) and len(quick.rows(Alert)) == 1


@pytest.mark.parametrize(
    ("code", "text"), [("en", "exercise"), ("en", "call me"), ("en", "settings"), ("es", "llámame"), ("sw", "nipigie")]
)
def test_whoever_turns_to_something_else_gets_the_numbers_first(quick: Line, code: str, text: str) -> None:
    comes_to(quick, code, 2)
    assert gets_the_numbers(quick.texts(text)[:1]) and quick.rows(Alert) == []


@pytest.mark.parametrize("text", ["tomorrow", "later", "no more"])
def test_such_a_word_leads_away_from_no_offer_of_a_call_in_danger(quick: Line, text: str) -> None:
    meets(quick)
    quick.texts("I want to die")
    assert "shall a counselor call you" in " ".join(quick.texts(text))


def test_whoever_does_not_know_whether_somebody_is_in_danger_is_asked_again(quick: Line) -> None:
    meets(quick)
    assert "Is anybody in danger" in " ".join(quick.texts("I have had enough"))
    quick.later(minutes=5)
    assert "is anybody in danger" in " ".join(quick.texts("I don't know"))


def test_whoever_does_not_mind_a_call_has_not_declined_one(quick: Line) -> None:
    meets(quick)
    quick.texts("I want to die")
    quick.texts("I don't mind")
    assert [bool(each.asked) for each in quick.waiting()] == [True]
