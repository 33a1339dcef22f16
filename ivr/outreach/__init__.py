"""What the line does by itself: reminders, calls back after a missed call, a question to a number long silent."""
