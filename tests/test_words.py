"""What people write: one plain form for every keyboard and script, words found in it, and answers read from it."""

import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine import replies
from ivr.engine.dawn import time_from_dawn
from ivr.engine.model import Way
from ivr.engine.words import as_key, find, find_answers, find_slips, matcher, normalise, numbered

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)
SWAHILI = ["sifuri", "moja", "mbili", "tatu", "nne", "tano", "sita", "saba", "nane", "tisa", "kumi"]
SWAHILI += ["kumi na moja", "kumi na mbili"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Hello,\tYOU!\n", "hello you"),
        ("¿Cómo está?", "como esta"),
        ("ng'ombe ng’ombe ngʼombe", "ngombe ngombe ngombe"),
        ("Straße İstanbul ŁÓDŹ", "strasse istanbul lodz"),
        ("yaɓa ɗaya ƙasa", "yaba daya kasa"),
        ("e\u0301te\u0301", "ete"),
        ("１２ ٣٤ २५ ②", "12 34 25 2"),
        ("1️⃣", "1"),
        ("a\u200bb\u202ec\u00add\x00e", "abcde"),
        ("😢ok😢", "ok"),
        ("a_b-c/d", "a b c d"),
        ("\ud800x\udfff", "x"),
        ("أنا إلى القهوة", "انا الي القهوه"),
        ("हाँ नहीं", "हाँ नहीं"),
        ("አዎ።", "አዎ"),
        ("", ""),
    ],
)
def test_the_plain_form(text, plain):
    assert normalise(text) == plain


@given(ANY_TEXT)
def test_normalising_never_fails_and_is_done_once(text):
    plain = normalise(text)
    assert normalise(plain) == plain
    assert plain == " ".join(plain.split())


@pytest.mark.parametrize(
    "text", ["a " * 500_000, "a" * 1_000_000, "\u0323\u0301" * 500_000, "़्" * 500_000, "12 " * 300_000]
)
def test_a_megabyte_is_read_in_time(text):
    began = clock.perf_counter()
    read = replies.choices({"1": Way("1", None)}, {"want to die": Way("1", None)})
    for each in (read, replies.date, replies.time, replies.digits(4), replies.number(1, 9, ())):
        each(text)
    assert clock.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *[(text, "1") for text in ("1", "1.", "1)", "(1)", "#1", " 1 ", "l", "I", "１", "1️⃣", "١", "१", "①", '"1"')],
        *[(text, "0") for text in ("0", "O", "o", "０")],
        *[(text, text) for text in "*#"],
        *[(text, "") for text in ("", "12", "one", "a", "1 2", "½", "?")],
    ],
)
def test_one_key_however_it_is_typed(text, key):
    assert as_key(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [("1. because", "1"), ("2) ok", "2"), ("3, thanks", "3"), ("1\nhello", "1"), ("2", "2"), ("2 = so", "2")]
    + [(text, "") for text in ("12. of", "2-3", "1,2", "1. 2.", "a 1.", "2 children", "7:30", "")],
)
def test_a_leading_item(text, key):
    assert numbered(text) == key


def test_phrases_are_found_as_whole_words():
    phrases = matcher(["want to die", "Kill myself", "die", "hapana", "...", ""])
    assert find(phrases, "I WANT   to, die") == {"want to die", "die"}
    assert find(phrases, "kill-myself") == {"Kill myself"}
    assert find(phrases, "diet kill wanted to die hard") == {"die"}
    assert find(phrases, "") == set()


def test_a_word_of_one_or_two_letters_must_stand_alone():
    no = matcher(["no", "hapana", "no gracias"])
    assert find_answers(no, "No. I am fine") == {"no"}
    assert find_answers(no, "no, gracias") == {"no"}
    assert find_answers(no, "no gracias") == {"no gracias"}
    assert find_answers(no, "no puedo más") == set()
    assert find_answers(no, "hapana asante") == {"hapana"}
    assert find_answers(no, "no 😢") == {"no"}


@pytest.mark.parametrize("text", ["reddsih", "redish", "reddishh", "reddiss", "erddish", "eddish"])
def test_slips(text):
    assert find_slips(matcher(["reddish"]), text) == ({"reddish"} if text[0] == "r" else set())


def test_what_is_no_slip():
    assert find_slips(matcher(["blue"]), "blu") == set()  # short
    assert find_slips(matcher(["fever"]), "never") == set()  # another word
    assert find_slips(matcher(["better", "feeling bitter"]), "bitter") == set()  # a word of the other one
    assert find_slips(matcher(["weather"]), "the wether was too hard for me") == set()  # a story
    assert find_slips(matcher(["almost every day"]), "almots every day") == {"almost every day"}


# Choices ------------------------------------------------------------------------------------------------------------

RED, BLUE, MORE = Way("red", None), Way("blue", None), Way("", None)
WAYS = {"1": RED, "2": BLUE, "3": MORE, "one": RED, "two": BLUE, "red": RED, "blue": BLUE, "more": MORE}
MEANINGS = {"red": RED, "reddish": RED, "blue": BLUE, "very blue": BLUE, "some days": MORE}
choose = replies.choices(WAYS, MEANINGS)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        *[(text, RED) for text in ("1", "1.", "l", "I", "One", "RED!", "so red today", "reddsih", "1. red", "press 1")],
        ("redd", RED),
        ("REEED", RED),
        *[(text, BLUE) for text in ("２", "2 thanks", "number 2", "very blue", "2) because", "blue blue")],
        *[(text, MORE) for text in ("some  days", "som days", "Some day")],
        *[(text, None) for text in ("", "?", "red or blue", "1 blue", "2-3", "1:<2", "4", "1 10", "I have 2 children")],
        *[(text, None) for text in ("0", "7", "8", "9", "*", "#", "O", "no one came", "\x00", "\ud800", "rad")],
    ],
)
def test_choices(text, way):
    assert choose(text) is way


says_no = replies.sure(["no", "never", "not once", "not really"], ["once", "sometimes", "si", "but"])


@pytest.mark.parametrize(
    "text", ["no", "No, never!", "nooo", "never. I was ill", "not once", "nevver", "no not really"]
)
def test_a_clause_of_nothing_but_no_is_one(text):
    assert says_no(text)


@pytest.mark.parametrize(
    "text", ["", "?", "never as much", "I say no", "no, but", "no, si", "never. sometimes", "no, once", "not twice"]
)
def test_a_no_among_other_words_is_none(text):
    assert not says_no(text)


@given(ANY_TEXT, ANY_TEXT)
def test_no_text_beside_it_makes_a_no_of_what_is_something_else_too(before, behind):
    assert not says_no(f"{before} sometimes {behind}")


@given(
    ANY_TEXT
    | st.lists(st.sampled_from(["red", "blue", "1", "2", "7", "reddish", "x", "-", ". "]), max_size=6).map(" ".join)
)
def test_a_reply_never_maps_to_two_choices(text):
    way = choose(text)
    assert way in (RED, BLUE, MORE, None)
    if way is RED:
        assert "blue" not in normalise(text).split()
        assert "2" not in normalise(text).split() or len(normalise(text).split()) > 3
    assert text.strip() not in set("0789*#") or way is None


YES, NO = Way("yes", None), Way("no", None)
answer = replies.choices(
    {"1": YES, "2": NO}, {"yes": YES, "sí": YES, "ndio": YES, "no": NO, "hapana": NO, "no gracias": NO}
)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        *[(text, YES) for text in ("yes", "Yes please", "SI", "sí, por favor", "well, yes", "ndio tafadhali", "1")],
        *[(text, NO) for text in ("no", "No!", "no, thanks", "no gracias", "hapana sitaki", "2.")],
        *[(text, None) for text in ("yes and no", "yes? no.", "no sé", "no puedo más", "si no llaman", "perhaps", "3")],
    ],
)
def test_yes_and_no(text, way):
    assert answer(text) is way


# Entries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", "5"), ("five", "5"), ("about 5", "5"), ("05", "5"), ("٥", "5"), ("I", "1"), ("O", "0"), ("10", "10")]
    + [(text, None) for text in ("", "11", "-3", "2-3", "3.5", "7,5", "3 or 4", "x3", "many", "99999999999", "1 2")],
)
def test_numbers(text, value):
    names = ["zero", "one", "two", "three", "four", "five"]
    assert replies.number(0, 10, names)(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234", "1234"), ("12 34", "1234"), ("12-34", "1234"), ("１２３４", "1234")]
    + [(t, None) for t in ("123", "12345", "")],
)
def test_digits(text, value):
    assert replies.digits(4)(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, "03-12") for text in ("12 3", "12/3", "12.3.", "12-03", "1203", "12 03", "१२/३")],
        *[(text, "2026-03-12") for text in ("12/3/2026", "2026-03-12", "12032026", "12.03.2026")],
        ("12/31", "12-31"),
        ("29 2", "02-29"),
        ("29 2 2028", "2028-02-29"),
        *[
            (t, None)
            for t in ("", "12", "30 2", "31/4", "0/3", "12/13/1", "29 2 2026", "12/3/26", "1 2 3 4", "march", "3112 1")
        ],
        *[(t, None) for t in ("13/13", "2026-13-40", "123", "00000000", "0000")],
    ],
)
def test_dates(text, value):
    assert replies.date(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, "07:30") for text in ("7:30", "7.30", "07 30", "0730", "730", "7:30am", "7h30", "7:30 a.m.")],
        *[(text, "19:00") for text in ("19", "7pm", "7 PM", "19h", "1900", "7 p.m.")],
        ("7", "07:00"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        *[(text, "00:00") for text in ("00:00", "0:00", "0.00", "0h", "0 h", "0000")],
        *[(text, None) for text in ("0", "00", "000", " 0 ", "0.", "#0", "０")],
        *[(t, None) for t in ("", "24:00", "25", "7:60", "193", "13pm", "0am", "seven", "7:3", "7 8 9", "12345")],
    ],
)
def test_times(text, value):
    assert replies.time(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("saa moja asubuhi", "07:00"),
        ("Saa 1 asubuhi", "07:00"),
        ("saa moja na nusu asubuhi", "07:30"),
        ("kesho saa nne asubuhi", None),
        ("saa kumi na moja alfajiri", "05:00"),
        ("saa kumi na mbili asubuhi", "06:00"),
        ("saa sita mchana", "12:00"),
        ("mchana saa tisa", "15:00"),
        ("saa kumi na mbili jioni", "18:00"),
        ("saa moja ya usiku", "19:00"),
        ("saa sita usiku", "00:00"),
        ("saa tisa usiku", "03:00"),
        ("19:30", "19:30"),
        *[(text, None) for text in ("saa moja", "saa 7", "saa", "saa asubuhi", "saa tisa asubuhi", "saa 13 usiku", "")],
        ("saa moja asubuhi au jioni", None),
    ],
)
def test_the_clock_that_counts_from_dawn(text, value):
    assert time_from_dawn(SWAHILI)(text) == value


@given(ANY_TEXT)
def test_no_reader_ever_fails(text):
    readers = [replies.date, replies.time, replies.digits(0), replies.digits(4), replies.number(0, 9, SWAHILI)]
    for read in [*readers, replies.own_words, replies.phone(lambda text: text or None), time_from_dawn(SWAHILI)]:
        value = read(text)
        assert value is None or value


def test_own_words_are_anything_that_is_not_empty():
    assert replies.own_words(" I cannot sleep \x00\ud800") == "I cannot sleep"
    assert replies.own_words(" \n\x00") is None
