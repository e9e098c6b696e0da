"""Commands of Scrapy's command line in a checkout."""
