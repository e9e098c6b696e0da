"""What the documentation of datatrove shows, done with broadsheet."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds
from news_site import STORIES, News, Programs, broadsheet, story

from broadsheet import Collection

program = Programs()


@program
def read_warcs_extract_and_filter(news: News, _: Path) -> None:
    stats, kept = Counter[str](), []
    for row in news.collection.articles():
        stats[row.extraction_status] += 1
        if row.extraction_status == "ok" and row.word_count > 100:
            kept.append({"id": row.id, "text": row.text})
    assert len(kept) == 5
    assert stats["ok"] >= 5


@program
def read_json_lines(_: News, folder: Path) -> None:
    lines = [json.dumps({"url": f"https://council.example/{name}", "html": html}) for name, html in STORIES.items()]
    (folder / "pages.jsonl").write_text("\n".join(lines))
    collection = Collection.create(folder / "c")
    assert collection.import_files(folder / "pages.jsonl").progress.documents == 5
    collection.extract(workers=1, profiles=False)
    assert len(collection.articles(status="ok")) == 5


@program
def filter_by_language_and_its_score(news: News, _: Path) -> None:
    rows = [row for row in news.collection.articles(language="de") if (row.language_score or 0) > 0.5]
    assert [row.title for row in rows] == ["Rat stimmt für die Brücke"]


@program
def filter_by_published_rules_of_quality(news: News, _: Path) -> None:
    clean = [row for row in news.collection.articles(status="ok") if "lorem_ipsum" not in row.quality_flags]
    assert len(clean) >= 5


@program
def filter_by_url(news: News, _: Path) -> None:
    blocked = ("/park", "/town")
    rows = [row for row in news.collection.articles(columns=["url"]) if not row.url.endswith(blocked)]
    assert not any(row.url.endswith(blocked) for row in rows)
    assert rows


@program
def count_tokens_and_words(news: News, _: Path) -> None:
    sql = "SELECT language, sum(word_count) AS words FROM articles WHERE page_type = 'article' GROUP BY 1 ORDER BY 1"
    rows = json.loads(broadsheet("query", news.collection.directory, sql, "--format", "json"))
    assert [row["language"] for row in rows] == ["de", "en"]
    assert rows[1]["words"] > rows[0]["words"] > 100


@program
def near_duplicates_are_labelled(_: News, folder: Path) -> None:
    pages = [story("Council votes", "new bridge"), story("Council votes again", "new bridge"), STORIES["school"]]
    lines = [json.dumps({"url": f"https://a{n}.example/x", "html": html}) for n, html in enumerate(pages)]
    (folder / "pages.jsonl").write_text("\n".join(lines))
    broadsheet("import", folder / "pages.jsonl", "-o", folder / "c", "-q", "--workers", "1")
    broadsheet("dedupe", folder / "c", "-q")
    assert sum(row.duplicate_of is not None for row in Collection.open(folder / "c").signatures()) >= 1


@program
def write_json_lines_and_read_them(news: News, folder: Path) -> None:
    out = folder / "out.jsonl"
    broadsheet("export", news.collection.directory, "--to", "jsonl", "-o", out, "--page-type", "article", "-q")
    assert len([json.loads(line)["text"] for line in out.read_text().splitlines()]) == 5


@program
def write_parquet_of_a_query(news: News, folder: Path) -> None:
    out = folder / "english.parquet"
    broadsheet("query", news.collection.directory, "SELECT url, text FROM articles WHERE language = 'en'", "-o", out)
    assert ds.dataset(out).count_rows() >= 4


@program
def a_sample_of_the_documents(news: News, _: Path) -> None:
    rng = random.Random(1)
    sampled = [row.title for row in news.collection.articles(page_type="article") if rng.random() < 0.5]
    assert 0 < len(sampled) < 5


@program
def run_again_does_what_is_left(news: News, folder: Path) -> None:
    for _ in range(2):
        broadsheet("extract", *news.warcs, "-o", folder / "c", "--workers", "1", "-q", "--no-profiles")
    assert len(Collection.open(folder / "c").articles(page_type="article")) == 5


@program
def batches_for_a_model(news: News, _: Path) -> None:
    batches = list(news.collection.articles(status="ok", columns=["id", "text"]).batches())
    assert sum(batch.num_rows for batch in batches) >= 5
    assert batches[0].schema.names == ["id", "text"]


def test_small_programs(news: News, tmp_path: Path) -> None:
    program.run(news, tmp_path)
