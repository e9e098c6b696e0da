"""The demo: a small news site of our own, served on loopback, crawled, extracted and shown.  Works without the internet."""
