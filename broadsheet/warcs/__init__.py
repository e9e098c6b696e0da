"""What becomes of WARCs that a user names: indexed, packed as WACZ, repaired, verified."""
