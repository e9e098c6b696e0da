"""For people with a Scrapy project of their own: their spiders, our archive (docs/scrapy.md)."""
