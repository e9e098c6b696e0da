"""What compaction does unless it is told otherwise; light, for the command line reads it."""

TARGET_BYTES = 256 * 1000 * 1000
GRACE_SECONDS = 3600.0
