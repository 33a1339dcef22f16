"""Moments as rows keep them, in milliseconds since 1970, and as people and calendars know them."""

from datetime import UTC, datetime


def moment_of(ms: int) -> datetime:
    """Milliseconds since 1970 as a moment, UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def ms_of(moment: datetime) -> int:
    """A moment in milliseconds since 1970."""
    return round(moment.timestamp() * 1000)
