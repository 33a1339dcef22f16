"""What happens without a caller on the line."""
