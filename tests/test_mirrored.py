"""Each module of weight has its test at the mirrored place: ``crawler/robots.py`` in ``tests/crawler/test_robots.py``.

A module of weight has 120 lines or more.  Where one file tests several modules together, `TOGETHER` names them: the parts of
one thing (the pages of an article, the two stores of one contract), or stages of which only the last has a result to look at.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WEIGHT = 120  # lines
LAYERS = ("archive", "crawler", "pipelines", "broadsheet")

TOGETHER: dict[str, tuple[str, ...]] = {
    "tests/archive/verify/test_warc.py": (
        "archive/verify/answer_rules.py",
        "archive/verify/events.py",
        "archive/verify/field_rules.py",
        "archive/verify/http_rules.py",
    ),
    "tests/broadsheet/data/test_api.py": (
        "broadsheet/api.py",
        "pipelines/dataset/record_store.py",
        "pipelines/dataset/records.py",
        "pipelines/dataset/table.py",
    ),
    "tests/broadsheet/data/test_card.py": ("pipelines/dataset/card.py",),
    "tests/broadsheet/data/test_export.py": ("pipelines/export/export.py",),
    "tests/broadsheet/data/test_query.py": ("pipelines/dataset/query.py",),
    "tests/broadsheet/test_extracting.py": ("broadsheet/article.py",),
    "tests/broadsheet/check/test_check.py": ("broadsheet/check/quality.py", "broadsheet/check/show.py"),
    "tests/broadsheet/test_cli.py": (
        "broadsheet/cli/crawl.py",
        "broadsheet/cli/extract.py",
        "broadsheet/cli/shared.py",
        "broadsheet/terminal/progress.py",
    ),
    "tests/broadsheet/test_demo.py": (
        "broadsheet/demo/pages.py",
        "broadsheet/demo/run.py",
        "broadsheet/demo/server.py",
    ),
    "tests/broadsheet/report/test_report.py": ("broadsheet/facts.py",),
    "tests/crawler/test_bounds.py": ("broadsheet/pages/url_account.py",),
    "tests/broadsheet/replay/test_browser.py": ("broadsheet/replay/devtools.py", "broadsheet/replay/visit.py"),
    "tests/broadsheet/serve/access/test_cdx.py": (
        "broadsheet/serve/access/cdx_query.py",
        "broadsheet/serve/access/cdx_search.py",
    ),
    "tests/broadsheet/serve/access/test_mementos.py": ("broadsheet/serve/access/routes.py",),
    "tests/broadsheet/serve/access/test_raw_captures.py": ("broadsheet/serve/archived/raw.py",),
    "tests/broadsheet/serve/article/test_pages.py": (
        "broadsheet/serve/article/exchange.py",
        "broadsheet/serve/article/reader.py",
        "broadsheet/serve/article/related.py",
        "broadsheet/serve/article/statements.py",
        "broadsheet/serve/article/versions.py",
    ),
    "tests/broadsheet/serve/test_app.py": ("broadsheet/serve/run.py", "broadsheet/serve/served.py"),
    "tests/broadsheet/serve/test_collection_pages.py": ("broadsheet/serve/sites_page.py",),
    "tests/broadsheet/serve/test_across.py": ("pipelines/search/across.py",),
    "tests/broadsheet/serve/test_export.py": ("broadsheet/warcs/excerpt.py",),
    "tests/archive/test_named_warcs.py": ("broadsheet/warcs/verification.py",),
    "tests/crawler/test_session.py": ("crawler/assembly.py",),
    "tests/crawler/client/test_pool.py": ("crawler/client/client.py", "crawler/client/connection.py"),
    "tests/crawler/client/test_ways.py": ("crawler/client/proxy.py",),
    "tests/broadsheet/test_fetching.py": ("crawler/one_page.py",),
    "tests/crawler/scrapy_project/test_addon.py": (
        "crawler/scrapy_project/archive.py",
        "crawler/scrapy_project/download_handler.py",
        "crawler/scrapy_project/origins.py",
    ),
    "tests/crawler/scrapy_project/test_scheduler.py": ("crawler/scrapy_project/journal.py",),
    "tests/crawler/state/test_contract.py": (
        "crawler/state/memory.py",
        "crawler/state/sqlite.py",
        "crawler/state/store.py",
    ),
    "tests/pipelines/compact/test_order.py": ("pipelines/compact/files.py",),
    "tests/pipelines/compact/test_compact.py": (
        "pipelines/compact/plan.py",
        "pipelines/dataset/compacted.py",
        "pipelines/dataset/supersede.py",
        "pipelines/reconcile/compacted_rows.py",
    ),
    "tests/pipelines/compact/test_readers.py": ("pipelines/dataset/current.py",),
    "tests/pipelines/derive/test_profiled.py": ("pipelines/dataset/learnt.py",),
    "tests/pipelines/derive/test_s3.py": ("pipelines/dataset/mirror.py",),
    "tests/pipelines/derive/test_derive.py": (
        "pipelines/dataset/manifest.py",
        "pipelines/dataset/rows.py",
        "pipelines/derive/extract.py",
        "pipelines/derive/supervisor.py",
        "pipelines/derive/task.py",
    ),
    "tests/pipelines/extract/body/test_embedded.py": ("pipelines/extract/body/embedded/app_state.py",),
    "tests/pipelines/extract/body/test_features.py": (
        "pipelines/extract/body/features/block.py",
        "pipelines/extract/body/features/tree.py",
    ),
    "tests/pipelines/extract/compose/test_captions.py": ("pipelines/extract/compose/credits.py",),
    "tests/pipelines/extract/test_article.py": ("pipelines/extract/extraction.py",),
    "tests/pipelines/extract/metadata/test_date_world.py": ("pipelines/extract/metadata/month_names.py",),
    "tests/pipelines/extract/metadata/test_dates.py": ("pipelines/extract/metadata/scan.py",),
    "tests/pipelines/extract/roles/test_questions.py": ("pipelines/extract/roles/assign.py",),
    "tests/pipelines/extract/site/test_apply_forms.py": (
        "pipelines/extract/site/body_lines.py",
        "pipelines/extract/site/judged_lines.py",
        "pipelines/extract/site/page_forms.py",
    ),
    "tests/pipelines/extract/site/test_site_roles.py": ("pipelines/extract/site/form_roles.py",),
    "tests/pipelines/extract/site/test_learn_forms.py": (
        "pipelines/extract/site/learn.py",
        "pipelines/extract/site/marks.py",
        "pipelines/extract/site/profile.py",
        "pipelines/extract/site/site_forms.py",
    ),
    "tests/pipelines/extract/site/test_site.py": ("pipelines/extract/site/apply.py",),
    "tests/pipelines/lakehouse/test_publish.py": ("pipelines/lakehouse/iceberg.py",),
    "tests/pipelines/search/test_update.py": ("pipelines/search/index.py",),
}


def mirrored(module: str) -> str:
    folder, _, name = module.rpartition("/")
    return f"tests/{folder}/test_{name}"


def modules_of_weight() -> list[str]:
    found = []
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):  # links, such as broadsheet/archive, are not followed
            relative = path.relative_to(ROOT)
            is_link = any((ROOT / parent).is_symlink() for parent in relative.parents)
            if not is_link and path.name != "__init__.py" and len(path.read_text("utf-8").splitlines()) >= WEIGHT:
                found.append(relative.as_posix())
    return found


MODULES = modules_of_weight()
NAMED = {module: test for test, modules in TOGETHER.items() for module in modules}


def test_each_module_of_weight_has_its_test() -> None:
    missing = [one for one in MODULES if one not in NAMED and not (ROOT / mirrored(one)).is_file()]
    assert not missing, f"write {mirrored(missing[0])}, or name in TOGETHER the file that tests {missing[0]}"


@pytest.mark.parametrize("test", TOGETHER)
def test_what_is_named_is_there_and_needed(test: str) -> None:
    assert (ROOT / test).is_file()
    for module in TOGETHER[test]:
        assert (ROOT / module).is_file()
        assert not (ROOT / mirrored(module)).is_file(), f"{module} has a test of its own: take it out of TOGETHER"


def test_no_module_is_named_twice() -> None:
    assert len(NAMED) == sum(len(modules) for modules in TOGETHER.values())
