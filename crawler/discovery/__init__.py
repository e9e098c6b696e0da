"""From the bytes of an answer to the URLs it names, and which of them belong to the crawl.  No I/O, no clock."""
