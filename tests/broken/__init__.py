"""Ways to break the house in each important place, by room."""

from broken import conversations, outages, outgoing, secrets, urgent

MUTATIONS = tuple(each for room in (conversations, outages, outgoing, urgent, secrets) for each in room.MUTATIONS)
