"""What a person sees in the terminal while a command works (progress) and at its end (summary)."""
