"""What the carrier tells about a call that ended. A position outlives its call, so nothing has to be written yet."""

from ivr.runtime import Runtime
from ivr.web.webhooks import Webhook, verified

NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


def answer(runtime: Runtime, webhook: Webhook) -> bytes:
    """An empty answer to a signed status. Raises Forged."""
    verified(runtime, webhook)
    return NOTHING
