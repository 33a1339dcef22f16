"""How people said they are, what helped them, and whoever said nothing at all."""
