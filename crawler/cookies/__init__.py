"""Cookies: what servers set is sent back to them, as browsers do (RFC 6265)."""
