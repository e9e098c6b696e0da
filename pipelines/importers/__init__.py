"""Import: files that hold web pages -> resource records, or exchanges that say that they were not on the wire."""
