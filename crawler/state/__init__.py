"""A crawl's state behind one door: which URLs it met, how each stands, its robots.txt files, cookies, options, updates."""
