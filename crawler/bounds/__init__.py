"""What a crawl asks first, what late, and what it leaves out, with the reason: see `broadsheet.crawler.bounds.bounds`."""
