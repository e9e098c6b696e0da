"""What the dataset is made of and shown of unless one is told otherwise; light, for the command line reads it."""

TABLE_NAMES = ("articles", "captures", "segments", "images", "links")
DEFAULT_TABLES = ("articles", "captures", "images", "links", "segments")
DIFFERENCES_LISTED = 20  # rows of each kind of change
