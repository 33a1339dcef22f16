"""Passwords of those who work at the page, and the codes of their authenticators."""

from hmac import compare_digest

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from pyotp import TOTP, random_base32
from zxcvbn import zxcvbn

# The second of OWASP's settings of equal strength for Argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one
# lane. Sixteen at once stay below what a small server has.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST, LONGEST = 15, 128  # OWASP ASVS 5.0, 6.2.1 recommends 15; nothing is asked about its letters
# Of zxcvbn's 0 to 4: some 10^8 guesses and more, by known passwords, names, rows of keys and repetitions (Wheeler,
# USENIX Security 2016). Ten tries open nothing for a quarter of an hour, and a stolen hash is a slow one.
GUESSABLE, LOOKED_AT = 2, 72  # letters at which it looks
STEP = 30_000  # ms that a code holds (RFC 6238, 4.1)
ISSUER = "Desk"
# Of a password that nobody has, made once with these settings: making it at each start would cost as much as a sign-in.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$KvRmkBwKNgfWeSFyQzS4hg$7dK2d1ORp3rnl+mR9pzr7JWWeA9M4cUR84auH/8FxQI"


def hashed(password: str) -> str:
    """A slow hash of it, with its salt and settings."""
    return HASHER.hash(password)


def fits(hash: str | None, password: str) -> bool:
    """Whether it is the one. For somebody who has none, and for nobody, it takes as long."""
    try:
        return HASHER.verify(hash or NOBODY, password[:LONGEST]) and hash is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def is_good(password: str, login: str) -> bool:
    """Whether it is long enough, and hard to guess for somebody who knows the name and what people choose."""
    if not SHORTEST <= len(password) <= LONGEST:
        return False
    return int(zxcvbn(password[:LOOKED_AT], [login, ISSUER])["score"]) > GUESSABLE


def new_secret() -> str:
    """What an authenticator is given, in base 32."""
    return random_base32()


def address(secret: str, login: str) -> str:
    """The same as an address that authenticators read from a picture."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step(secret: str, code: str, now: int) -> int | None:
    """The time step whose code this is: that of now, or the one before or after for clocks that differ (RFC 6238, 5.2);
    None for a wrong one.
    """
    totp, current = TOTP(secret), now // STEP
    typed = "".join(code.split())
    steps = (current, current - 1, current + 1)
    return next((at for at in steps if compare_digest(totp.at(at * STEP // 1000).encode(), typed.encode())), None)
