"""Where conversations stand, what was said in them, and what of it a PIN opens."""
