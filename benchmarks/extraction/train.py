"""Trains the block model from pages with known articles, and says how good it is on sites it has not seen.

    uv run --with catboost python benchmarks/extraction/train.py CORPORA [--check | --write]

CORPORA holds a folder a corpus (see run.py).  A block's label is the share of its runs of four words that stand in the true
body; short blocks count when they stand between matched neighbours.  Pages of the corpus of segments label only the blocks
that hold one.  A quarter of the pages is seen twice, the second time without class names, so that the model does not lean on
them.  --check prints figures of five folds, split by site; --write trains on all pages and writes body_model.npz.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from metrics import corpus_bag, corpus_f1, score_body, tokens

from pipelines.extract import body_model
from pipelines.extract.body_verdict import ask, membership
from pipelines.extract.features import feature_names, measure
from pipelines.extract.keywords import keywords_of
from pipelines.extract.model import PageRecord
from pipelines.extract.page import open_page
from pipelines.extract.witness import read_witness

CORPORA = {
    "aeb": 1.0,
    "fundus": 1.0,
    "wcxb": 1.0,
    "readability": 0.4,
    "newspaper4k": 1.0,
    "magic-html": 0.5,
    "trafilatura": 1.0,
}
JUDGED = ("aeb", "fundus", "wcxb")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TREES, DEPTH = 300, 6


@dataclass
class Pages:
    """All blocks of all pages: rows in the order of pages."""

    features: list[Any] = field(default_factory=list)
    labels: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)
    corpora: list[str] = field(default_factory=list)
    folds: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    forced: list[Any] = field(default_factory=list)  # blocks of a standfirst that the truth counts as body


def load(folder: Path) -> Pages:
    pages = Pages()
    for corpus, importance in CORPORA.items():
        for line in (folder / corpus / "truth.jsonl").read_text("utf-8").splitlines():
            truth = json.loads(line)
            html = gzip.decompress((folder / corpus / "html" / f"{truth['id']}.html.gz").read_bytes())
            page = open_page(PageRecord(truth["url"] or "", NOW, (), html))
            if page is None or not page.blocks or not (truth.get("body") or truth.get("with")):
                continue
            host = re.sub(r"^www\.", "", (truth["url"] or "//").split("/")[2])
            features = measure(
                page.layout, read_witness(page.root), [keywords_of(block.text) for block in page.blocks], host
            )
            verdict = ask(page.root, page.url) or ""
            texts = [block.text for block in page.blocks]
            labels, weights, forced = (
                label_segments(truth, texts) if corpus == "trafilatura" else label_body(corpus, truth, texts)
            )
            pages.features.append(np.concatenate((features, membership(page.blocks, verdict)), axis=1))
            pages.labels.append(labels)
            pages.weights.append(weights * importance)
            pages.corpora.append(corpus)
            pages.folds.append(int(hashlib.sha256(truth["site"].encode()).hexdigest(), 16) % 5)
            pages.bodies.append(truth.get("body") or "")
            pages.texts.append(texts)
            pages.forced.append(forced)
    return pages


def label_body(corpus: str, truth: dict[str, Any], texts: Sequence[str]) -> tuple[Any, Any, Any]:
    words = [tokens(text.lower()) for text in texts]
    labels = in_order(words, tokens(truth["body"].lower()))
    weights = np.sqrt([len(one) + 1.0 for one in words])
    weights /= weights.sum()
    forced = np.zeros(len(texts), dtype=bool)
    if corpus == "fundus":  # it counts the standfirst in, the others do not: the model learns from neither
        summaries = [" ".join(tokens(one.lower())) for one in truth.get("summary") or ()]
        forced = np.array(
            [len(text) > 15 and " ".join(own) in summaries for text, own in zip(texts, words, strict=True)]
        )
        weights = np.where(forced, 0.0, weights)
    if corpus == "magic-html":  # it counts headline and date in
        weights = np.where([len(text) > 60 for text in texts], weights, 0.0)
    return labels, weights, forced


def in_order(words: Sequence[Sequence[str]], truth: list[str]) -> Any:
    """The share of each block that is in the true text."""
    grams: dict[tuple[str, ...], int] = {}
    for at in range(len(truth) - 3):
        grams.setdefault(tuple(truth[at : at + 4]), at)
    labels, places = np.zeros(len(words)), np.full(len(words), -1)
    for number, own in enumerate(words):
        hits = [grams[gram] for at in range(len(own) - 3) if (gram := tuple(own[at : at + 4])) in grams]
        if len(own) >= 4:
            labels[number] = len(hits) / (len(own) - 3)
            if labels[number] > 0.5:
                places[number] = hits[0]
    matched = np.nonzero(places >= 0)[0]
    for number, own in enumerate(words):
        if not 0 < len(own) < 4 or not len(matched):
            continue
        before, after = matched[matched < number], matched[matched > number]
        near = (len(before) and number - before[-1] <= 12) or (len(after) and after[0] - number <= 12)
        start = places[before[-1]] + max(0, len(words[before[-1]]) - 3) if len(before) else 0
        stop = places[after[0]] + 3 if len(after) else len(truth)
        if near and f" {' '.join(own)} " in f" {' '.join(truth[start:stop])} ":
            labels[number] = 1.0
    return labels


def label_segments(truth: dict[str, Any], texts: Sequence[str]) -> tuple[Any, Any, Any]:
    labels, weights = np.zeros(len(texts)), np.zeros(len(texts))
    for number, text in enumerate(texts):
        flat = " ".join(text.split())
        if any(wanted.strip() and " ".join(wanted.split()) in flat for wanted in truth.get("with") or ()):
            labels[number], weights[number] = 1.0, 0.02
        elif any(
            other.strip() and " ".join(other.split()) in flat and 2 * len(other) > len(flat)
            for other in truth.get("without") or ()
        ):
            weights[number] = 0.02
    return labels, weights, np.zeros(len(texts), dtype=bool)


def train(pages: Pages, numbers: Sequence[int], columns: int) -> Any:
    from catboost import CatBoostClassifier  # noqa: PLC0415 - only for training

    rng = np.random.default_rng(5)
    hints = [
        at
        for at, name in enumerate(feature_names())
        if name.split(".")[0] in {"own", "near", "above", "inline"} or name == "node.away"
    ]
    features, labels, weights = [], [], []
    for number in numbers:
        own, label, weight = pages.features[number][:, :columns], pages.labels[number], pages.weights[number]
        near = np.convolve(label > 0.05, np.ones(21), "same")[: len(label)] > 0
        kept = (near | (rng.random(len(label)) < 0.25)) & (weight > 0)
        weight = np.where(near, weight, 4 * weight)
        features.append(own[kept])
        labels.append(label[kept])
        weights.append(weight[kept])
        if rng.random() < 0.25:
            blind = own[kept].copy()
            blind[:, hints] = 0
            features.append(blind)
            labels.append(label[kept])
            weights.append(weight[kept])
    weight = np.concatenate(weights)
    model = CatBoostClassifier(
        loss_function="CrossEntropy", iterations=TREES, learning_rate=0.1, depth=DEPTH, rsm=0.25, border_count=48, l2_leaf_reg=6, random_seed=1,
        bootstrap_type="Bernoulli", subsample=0.7, verbose=False,
    )  # fmt: skip
    model.fit(np.concatenate(features), np.clip(np.concatenate(labels), 0, 1), sample_weight=weight / weight.mean())
    return model


def check(pages: Pages) -> None:
    count = len(feature_names())
    for name, columns in ((body_model.ALONE, count), (body_model.ASKED, count + 2)):
        found: dict[int, str] = {}
        for fold in range(5):
            model = train(pages, [at for at, own in enumerate(pages.folds) if own != fold], columns)
            for at, own in enumerate(pages.folds):
                if own == fold and pages.corpora[at] in JUDGED:
                    scores = model.predict_proba(pages.features[at][:, :columns])[:, 1]
                    kept = (scores >= 0.55) | pages.forced[at]
                    found[at] = "\n".join(text for text, one in zip(pages.texts[at], kept, strict=True) if one)
        for corpus in JUDGED:
            scored = [score_body(pages.bodies[at], text) for at, text in found.items() if pages.corpora[at] == corpus]
            print(
                f"{name:6} {corpus:8} shingle F1 {corpus_f1(scored):.4f}  bag F1 {corpus_bag(scored):.4f}  pages {len(scored)}",
                flush=True,
            )


def write(pages: Pages) -> None:
    arrays: dict[str, Any] = {}
    count = len(feature_names())
    for name, columns in ((body_model.ALONE, count), (body_model.ASKED, count + 2)):
        model = train(pages, range(len(pages.folds)), columns)
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            model.save_model(file.name, format="json")
            told = json.loads(Path(file.name).read_text())
        trees = told["oblivious_trees"]
        where = [one["flat_feature_index"] for one in told["features_info"]["float_features"]]
        scale, (bias,) = told["scale_and_bias"]
        feature, border = np.zeros((len(trees), DEPTH), np.int16), np.full((len(trees), DEPTH), np.inf, np.float32)
        leaf = np.zeros((len(trees), 2**DEPTH), np.float32)
        for at, tree in enumerate(trees):
            for depth, split in enumerate(tree["splits"] or ()):
                feature[at, depth], border[at, depth] = where[split["float_feature_index"]], split["border"]
            leaf[at, : len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * scale
        arrays |= {
            f"{name}.feature": feature,
            f"{name}.border": border,
            f"{name}.leaf": leaf,
            f"{name}.bias": np.array(bias),
        }
    np.savez_compressed(Path(body_model.__file__).with_name("body_model.npz"), **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--check", action="store_true", help="figures of five folds")
    parser.add_argument("--write", action="store_true", help="train on all pages, and write the weights")
    options = parser.parse_args()
    pages = load(options.corpora)
    print(f"{len(pages.folds)} pages, {sum(map(len, pages.labels))} blocks", flush=True)
    if options.check:
        check(pages)
    if options.write:
        write(pages)


if __name__ == "__main__":
    main()
