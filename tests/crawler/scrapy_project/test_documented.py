"""docs/scrapy.md: its settings and its spider, run; and small spiders in the manner of Scrapy's own tutorial."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
from library_project import crawl, run, write_project
from library_site import LibrarySite

from broadsheet.crawler.scrapy_project.settings import DEFAULTS

PAGE = (Path(__file__).parents[3] / "docs/scrapy.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)


def test_the_documented_spider_and_settings_run(tmp_path: Path) -> None:
    spiders = [example for example in EXAMPLES if "class " in example]
    settings = [example for example in EXAMPLES if "class " not in example and "HANDLER_META" not in example]
    assert (len(spiders), len(settings)) == (1, 4)
    site = LibrarySite()
    own_items = settings.pop(2)
    assert own_items.startswith("BROADSHEET_ITEM_FIELDS")
    folder = write_project(tmp_path, "".join(settings).replace("archive", "kept"), spiders[0])
    [item] = crawl(folder, "stories", site.url)
    site.close()
    assert item["title"] == "A light at sea"
    [row] = pq.read_table(folder / "kept/dataset/items/dict/part-00001.parquet").to_pylist()
    assert row["record"] == row["warc_record_id"] == item["record"]


def test_each_setting_is_documented_with_its_default() -> None:
    rows = {name: cell.strip() for name, cell in re.findall(r"^\| `(BROADSHEET_\w+)` \|(.*?)\|", PAGE, re.M)}
    assert rows == {name: f"`{value}`" if value is not None else "" for name, value in DEFAULTS.items()}


def test_the_documented_types_of_items_are_taken(tmp_path: Path) -> None:
    [fields] = [example for example in EXAMPLES if example.startswith("BROADSHEET_ITEM_FIELDS")]
    site = LibrarySite()
    spider = (
        "import scrapy\n\nclass Prices(scrapy.Spider):\n    name = 'prices'\n"
        "    async def start(self):\n        yield scrapy.Request(self.site + '/api/books?page=1')\n"
        "    def parse(self, response):\n        for book in response.json()['books']:\n"
        "            yield {key: book[key] for key in ('title', 'price', 'tags')}\n"
    )
    addon = EXAMPLES[0].replace("archive", "kept")
    pipeline = 'ITEM_PIPELINES = {"broadsheet.scrapy.ParquetPipeline": 900}\n'
    folder = write_project(tmp_path, addon + pipeline + fields, spider)
    run(folder, "crawl", "prices", "-a", f"site={site.url}")
    site.close()
    table = pq.read_table(folder / "kept/dataset/items/dict/part-00001.parquet")
    assert table.schema.names[:3] == ["title", "price", "tags"]
    assert table.column("price").to_pylist() == [1.0, 1.25, 1.5, 1.75, 2.0]
