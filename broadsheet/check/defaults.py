"""What a check does unless it is told otherwise; light, for the command line reads it."""

SAMPLE = 100  # pages
