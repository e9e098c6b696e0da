"""Fetching: the Scrapy project, the capture client, the frontier, scope, politeness and discovery."""
