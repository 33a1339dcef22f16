"""What counselors and people write to each other, on phones that others read."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "a counselor's words land on a phone that others may hold",
        "ivr/facts.py",
        '    return "yes" if just_now or',
        '    return "yes" if not just_now or',
        "tests/test_correspondence.py -k nothing_but_the_neutral_line",
    ),
    Mutation(
        "words that tell what the line is for are sent",
        "ivr/callbacks/correspondence.py",
        "    if level == openness.OPEN:\n",
        "    if level != openness.OPEN:\n",
        "tests/test_correspondence.py -k tell_others",
    ),
    Mutation(
        "a number given to be rung at is written to",
        "ivr/callbacks/correspondence.py",
        "not tx.one(_IS_AT, row=to.contact_id, number=to.number_id)",
        "not tx.one(_IS_AT, row=to.contact_id, number=to.number_id) and False",
        "tests/test_correspondence.py -k another_number",
    ),
    Mutation(
        "whoever stopped texts is written to",
        "ivr/callbacks/correspondence.py",
        'if contacts.has_stopped(tx, to.number_id, "sms"):',
        'if contacts.has_stopped(tx, to.number_id, "voice"):',
        "tests/test_correspondence.py -k danger_and_stop",
    ),
    Mutation(
        "safe hours do not hold for texts",
        "ivr/callbacks/correspondence.py",
        "if not (is_at_hand or to.is_safe(now)):",
        "if not is_at_hand and to.closed_at:",
        "tests/test_correspondence.py -k outside_of_their_hours",
    ),
    Mutation(
        "the night holds an answer back",
        "ivr/outgoing.py",
        "kind._replace(keeps_quiet=False, capped=False) if is_answer else kind",
        "kind",
        "tests/test_correspondence.py -k at_any_hour",
    ),
    Mutation(
        "nights do not hold what nobody has asked for",
        "ivr/outgoing.py",
        "if is_answer else kind",
        "if kind.answers else kind",
        "tests/test_correspondence.py -k waits_for_the_morning",
    ),
    Mutation(
        "a PIN that was given once opens what is written for ever",
        "ivr/letters.py",
        "row.has_pin and not self._opened(row)",
        "row.has_pin and not KINDS[row.kind].answers",
        "tests/test_correspondence.py -k a_pin_stands_before",
    ),
    Mutation(
        "an answer comes to nobody",
        "ivr/texts.py",
        "passing_on.to_the_counselor(scene, text) or conversations",
        "conversations",
        "tests/test_correspondence.py -k next_morning",
    ),
    Mutation(
        "what the carrier did not bring is taken for told",
        "ivr/callbacks/correspondence.py",
        "is_recent = created_at > now - DAY and state not in IN_VAIN",
        "is_recent = created_at > now - DAY",
        "tests/test_correspondence.py -k does_not_bring",
    ),
    Mutation(
        "who no longer has the request writes to somebody",
        "ivr/callbacks/correspondence.py",
        "    if not claims.extend(tx, who, to.id, now):\n",
        "    if not claims.extend(tx, who, to.id, now) and to.closed_at:\n",
        "tests/test_correspondence.py -k has_lost_the_request",
    ),
    Mutation(
        "what the carrier drops on its way is lost",
        "ivr/callbacks/correspondence.py",
        'DeskText.brought_by == bindparam("row")',
        'DeskText.brought_by == bindparam("row") + "?"',
        "tests/test_correspondence.py -k drops_on_its_way",
    ),
    Mutation(
        "what went straight to somebody is said again after their answer",
        "ivr/actions/writing.py",
        'answers.pop(correspondence.ROW, "")',
        'answers.get(correspondence.ROW, "")',
        "tests/test_correspondence.py -k words_follow_an_answer",
    ),
)
