"""Who wants to be rung by a counselor: from the wish to the last word, each change written with who made it and why."""
