"""Ways to break the house in each important place, by room."""

from broken import conversations, desk, desk_calls, desk_page, outages, outgoing, secrets, shared_phones, urgent

ROOMS = (conversations, desk, desk_calls, desk_page, outages, outgoing, urgent, shared_phones, secrets)
MUTATIONS = tuple(each for room in ROOMS for each in room.MUTATIONS)
