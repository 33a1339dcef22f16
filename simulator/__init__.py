"""A pretend phone company for the demo and the tests: it rings, texts and obeys TwiML as Twilio does."""
