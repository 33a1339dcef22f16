"""What a text says, in whatever words and whichever language: danger, STOP, a person, the flows' own words."""
