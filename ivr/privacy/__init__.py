"""What is kept, for how long, what a person can hear and erase of it, and what outlives that."""
