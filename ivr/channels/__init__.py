"""How a turn is heard and how it is read."""
