"""The part of Twilio's REST API that the service uses."""
