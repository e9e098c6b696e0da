"""CPU per request of a Scrapy spider: plain, with our add-on, with our scheduler and pipeline too, and with scrapy-webarchive.

    uv run python benchmarks/crawl/scrapy_project.py [--requests 2000] [--rounds 3] [--webarchive PYTHON]

PYTHON is an interpreter whose environment has scrapy-webarchive, and the older Scrapy that it takes.  Each way runs once a round, in turn, against one local
server; what is told are CPU seconds of the crawling process alone, less those of a run with ten requests.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from loopback import Answer, serving

SPIDER = """
import scrapy

class Pages(scrapy.Spider):
    name = "pages"

    def start_requests(self):  # of the Scrapy that scrapy-webarchive takes
        for n in range(int(self.requests)):
            yield scrapy.Request(f"{self.site}/{n}", callback=self.parse, cb_kwargs={"n": n})

    async def start(self):
        for request in self.start_requests():
            yield request

    def parse(self, response, n):
        yield {"n": n, "title": response.css("h1::text").get()}
"""
COMMON = 'ROBOTSTXT_OBEY = False\nLOG_LEVEL = "ERROR"\nTELNETCONSOLE_ENABLED = False\nSPIDER_MODULES = ["spiders"]\n'
ADDON = 'ADDONS = {"broadsheet.scrapy.Addon": 500}\nBROADSHEET_DIR = "kept"\nBROADSHEET_DEDUPE = False\n'
QUEUE = (
    'SCHEDULER = "broadsheet.scrapy.Scheduler"\nITEM_PIPELINES = {"broadsheet.scrapy.ParquetPipeline": 900}\n'
    'BROADSHEET_ITEM_FIELDS = {"dict": {"n": "int", "title": "str"}}\n'
)
WEBARCHIVE = (
    'EXTENSIONS = {"scrapy_webarchive.extensions.WaczExporter": 543}\nSW_EXPORT_URI = "file://{folder}/kept/"\n'
    'USER_AGENT = "benchmark"\nBOT_NAME = "benchmark"\n'
)
PAGE = b"<html><body><h1>A page</h1>" + b"<p>Some words of a page, as many as pages have.</p>" * 400 + b"</body></html>"


def cpu_seconds(python: str, settings: str, site: str, requests: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scrapy.cfg").write_text("[settings]\ndefault = project_settings\n")
        (folder / "project_settings.py").write_text(COMMON + settings.replace("{folder}", name))
        (folder / "spiders.py").write_text(SPIDER)
        (folder / "kept").mkdir()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [python, "-m", "scrapy", "crawl", "pages", "-a", f"site={site}", "-a", f"requests={requests}"]
        subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PYTHONPATH": name})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--webarchive", metavar="PYTHON")
    arguments = parser.parse_args()
    ways = {
        "plain Scrapy": (sys.executable, ""),
        "add-on": (sys.executable, ADDON),
        "add-on, scheduler, Parquet": (sys.executable, ADDON + QUEUE),
    }
    if arguments.webarchive:
        ways["plain Scrapy of its version"] = (arguments.webarchive, "")
        ways["scrapy-webarchive"] = (arguments.webarchive, WEBARCHIVE)
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    with serving(lambda *_: Answer(PAGE, kind="text/html; charset=utf-8")) as (site, _):
        for _ in range(arguments.rounds):
            for way, (python, settings) in ways.items():
                idle = cpu_seconds(python, settings, site, 10)
                seconds[way].append(cpu_seconds(python, settings, site, arguments.requests) - idle)
    plain = statistics.median(seconds["plain Scrapy"])
    for way, rounds in seconds.items():
        median = statistics.median(rounds)
        each = 1000 * median / (arguments.requests - 10)
        print(f"{way:28} {each:6.2f} ms of CPU a request, {median / plain:4.2f} of plain Scrapy")


if __name__ == "__main__":
    main()
