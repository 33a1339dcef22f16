"""A line that is never dead: deadlines, what is said when nothing works, and texts kept until it does."""
