"""Checks of To and From that texts and calls share."""

import re

from flask import request

from simulator.refusals import Refusal
from simulator.rest.guard import network

E164 = re.compile(r"\+[1-9]\d{6,14}")


def recipient(missing: int) -> str:
    """To, in E.164. Raises Refusal."""
    to = request.form.get("To", "").strip()
    if not to:
        raise Refusal(400, missing, "A 'To' phone number is required.")
    if not E164.fullmatch(to):
        raise Refusal(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    return to


def sender(missing: int, not_ours: int) -> str:
    """From, one of the account's numbers. Raises Refusal."""
    from_ = request.form.get("From", "").strip()
    if not from_:
        raise Refusal(400, missing, "A 'From' phone number is required.")
    if from_ not in network().settings.numbers:
        raise Refusal(400, not_ours, f"The From phone number {from_} is not a number of this account.")
    return from_
