"""Wishes for nothing more that nothing was learnt from, for the opposite, and from phones that somebody else reads."""

from functools import cache

import pytest
from detecting import CODES, Hears, at_once, measure, wishes
from people import Line, a_line
from reaching import meets
from test_refusals import stopped

STOPS = (
    "no calls and no texts please",
    "pls dnt txt dis numba",
    "this phone is my mother's, don't send things here",
    "deactivate this service",
    "st0p",
    "stoppp",
    "STOPSTOP",
    "ARRET",
    "TD",
    "STOP\n\nSent from my Nokia",
    "le agradeceria que no me contactara mas",
    "no deseo que me sigan escribiendo",
    "borrenme",
    "detenganse",
    "fin de mensajes",
    "los voy a denunciar si siguen escribiendo",
    "naomba mwache kunitumia jumbe",
    "futa usajili wangu",
    "naondoa ridhaa yangu",
    "jitoe",
    "funga huduma hii",
)
ASKED = (
    "basta",
    "no estoy interesado",
    "inatosha",
    "wacha",
    "ondoa",
    "go away",
    "msinitafute tena",
    "ya no mas por favor",
)
NEITHER = (
    "please don't stop texting me",
    "never stop",
    "i dont want you to stop texting me",
    "why did you stop sending the reminders",
    "cancel my tuesday call",
    "nunca dejen de mandarme mensajes",
    "por que ya no me mandan recordatorios",
    "usiache kunitumia ujumbe",
    "get me out of here",
    "no manden a la policia",
)
LIMITED = (
    "msipige sasa nitapiga mwenyewe",
    "if I write stop will the reminders end",
    "unsubscribe button on facebook does not work",
)
READ = (
    "My husband reads this phone, no more messages",
    "he took my phone and found your texts, please don't write to me again",
    "mi marido me quita el celular y lee todo, ya no me escriban",
    "mume wangu anakagua simu yangu, acheni kunitumia ujumbe",
)


@cache
def hears() -> Hears:
    return wishes()


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def test_most_wishes_that_were_kept_apart_are_heard_and_hardly_anything_else_stops() -> None:
    heard, sure = (measure("held.stop", each) for each in (hears(), at_once(hears())))
    assert all(each.recall >= 0.85 for each in heard), [each.missed for each in heard]
    assert sum(len(each.missed) for each in heard) <= sum(each.positives for each in heard) / 10
    assert sum(len(each.false) for each in sure) <= sum(each.negatives for each in sure) / 50, [e.false for e in sure]


@pytest.mark.parametrize("code", CODES)
def test_nothing_was_learnt_from_what_is_kept_apart(code: str) -> None:
    at = CODES.index(code)
    apart = measure("held.stop", lambda *_: None)[at].missed
    learnt = measure("stop", lambda *_: None)[at].missed
    assert not set(apart) & set(learnt)


@pytest.mark.parametrize("words", STOPS)
def test_a_wish_without_doubt_stops(words: str) -> None:
    found = hears()(words, "en")
    assert found and found.sure and "sms" in found.channels


@pytest.mark.parametrize("words", (*ASKED, *LIMITED))
def test_what_may_be_one_is_only_asked(words: str) -> None:
    found = hears()(words, "en")
    assert found and not found.sure


@pytest.mark.parametrize("words", NEITHER)
def test_a_wish_for_the_opposite_is_neither_followed_nor_asked_about(words: str) -> None:
    assert hears()(words, "en") is None


@pytest.mark.parametrize("words", ["you never stop texting me", "dont stop the reminders but stop calling me"])
def test_an_opposite_beside_or_within_a_wish_does_not_undo_it(words: str) -> None:
    found = hears()(words, "en")
    assert found and found.sure


@pytest.mark.parametrize("words", READ)
def test_somebody_who_reads_the_phone_is_no_reason_for_one_more_text(quick: Line, words: str) -> None:
    meets(quick)
    (answer,) = quick.texts(words)
    assert stopped(quick) == ["sms"] and "999" not in answer


@pytest.mark.parametrize(
    "words",
    [
        "My husband reads this phone and he'll kill me, no more messages",
        "my husband beats me when he sees your texts, stop texting",
        "mume wangu anasoma simu yangu na atanichinja, acheni kunitumia ujumbe",
    ],
)
def test_real_danger_beside_it_gets_help_first(quick: Line, words: str) -> None:
    meets(quick)
    assert "999" in quick.texts(words)[0] and stopped(quick) == []
