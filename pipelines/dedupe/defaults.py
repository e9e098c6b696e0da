"""What deduplication does unless it is told otherwise; light, for the command line reads it."""

THRESHOLD = 0.3  # of Jaccard similarity, from which on two texts are near duplicates
