"""Who is calling, what they agreed to, and when and how they may be reached."""
