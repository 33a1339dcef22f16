"""The carrier's API as a worker asks it: with the account of the settings, and the newest of its tokens."""

from contextlib import AbstractAsyncContextManager

from ivr.carriers.api import Api, connected
from ivr.runtime import Runtime


def carrier(house: Runtime) -> AbstractAsyncContextManager[Api]:
    """Connected until the end of the block."""
    config = house.config
    return connected(config.twilio_api_base_url, config.twilio_account_sid, config.twilio_auth_token[0])
