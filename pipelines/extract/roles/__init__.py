"""Which role each block has."""
