"""Those who work at the desk: who they are, when they are on duty, how they sign in, and the book of what they did."""
