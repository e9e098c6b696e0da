"""Settings of the Scrapy project that a checkout is (scrapy.cfg): our spider, and `broadsheet crawl` as `scrapy crawl`."""

BOT_NAME = "broadsheet"
SPIDER_MODULES = ["broadsheet.crawler.spider"]
COMMANDS_MODULE = "broadsheet.scrapy.commands"
