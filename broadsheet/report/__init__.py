"""The report of a collection: one page of what was fetched, when, how large, what failed and why."""
