"""Requisites: what a page shows or runs besides its own HTML, found without a browser, and fetched with the page."""
