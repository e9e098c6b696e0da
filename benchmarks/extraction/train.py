"""Trains the block model from pages with known articles, and says how good it is on sites that it has not seen.

    uv run --group train python benchmarks/extraction/train.py CORPORA [--folds 5] [--write] [--cache FILE]

CORPORA holds a folder a corpus (see run.py).  --folds splits by site, trains on all folds but one, and lets the whole extractor
read that one with the forests that never saw its sites: the model alone, and with trafilatura's verdict where it is in
doubt, beside trafilatura's text of the same bytes, with paired intervals.  --write trains on all pages and writes
block_model.npz.  --cache keeps the measurements and trafilatura's answers for the next run with the same code.

The second forests learn from first opinions on sites that the first forest did not see (folds within folds), as they will have them.
A quarter of the pages is seen twice, the second time without class names, so that the model does not lean on them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import pickle
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from labels import Labels, label
from metrics import corpus_bag, corpus_f1, paired_interval, score_body
from run import CORPORA, NOW, Side, segments, text_for, theirs

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.body import block_model, body
from broadsheet.pipelines.extract.body.features import Measured, feature_names, measure
from broadsheet.pipelines.extract.body.meta_texts import read_meta_texts
from broadsheet.pipelines.extract.body.trafilatura_verdict import ask, membership
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.page import open_page
from broadsheet.pipelines.extract.page.text_traits import traits_of

IMPORTANCE = {
    "readability": 0.7,
    "magic-html": 0.5,
}  # others 1; truths that are another tool's, or of another convention
FIRST, SECOND = (200, 0.12), (250, 0.09)  # trees of a forest, and how fast they learn
DEPTH = 6
_INNER = 5  # folds of the first opinions that the second forests learn from


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its measurements, the shares of its blocks in trafilatura's verdict, and what is true of it."""

    corpus: str
    truth: dict[str, Any]
    html: bytes
    measured: Measured
    verdict: Any
    chars: Any
    labels: Labels
    theirs: str

    @property
    def url(self) -> str:
        return self.truth["url"] or ""

    def fold(self, folds: int) -> int:
        """All pages of a site are in one fold."""
        return int(hashlib.sha256(self.truth["site"].encode()).hexdigest(), 16) % folds


def load(folder: Path) -> list[Sample]:
    samples = []
    for corpus in CORPORA:
        for line in (folder / corpus / "truth.jsonl").read_text("utf-8").splitlines():
            truth = json.loads(line)
            html = (folder / corpus / "html" / f"{truth['id']}.html.gz").read_bytes()
            if (truth.get("body") or truth.get("with")) and (found := sample(corpus, truth, html)) is not None:
                samples.append(found)
        print(f"{corpus} is measured", flush=True)
    return samples


def sample(corpus: str, truth: dict[str, Any], html: bytes) -> Sample | None:
    url, raw = truth["url"] or "", gzip.decompress(html)
    page = open_page(PageRecord(url, NOW, (), raw))
    if page is None or not page.blocks:
        return None
    texts = [block.text for block in page.blocks]
    measured = measure(page.layout, read_meta_texts(page.root), list(map(traits_of, texts)), body.host_of(url))
    verdict = membership(page.blocks, ask(page.root, url) or "")
    other = theirs(url, raw)
    return Sample(
        corpus, truth, html, measured, verdict, np.array([len(text) for text in texts]), label(corpus, truth, texts),
        (other.text or "") if other else "",
    )  # fmt: skip


def cached(folder: Path, cache: Path | None) -> list[Sample]:
    """`load`, or what it gave the last time that the code of extraction was the same."""
    sources = [*Path(body.__file__).parent.rglob("*.py"), Path(__file__).with_name("labels.py")]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    if cache is not None and cache.exists():
        with cache.open("rb") as file:
            known, samples = pickle.load(file)
        if known == code:
            return [Sample(*one) for one in samples]
    samples = load(folder)
    if cache is not None:
        with cache.open("wb") as file:
            names = [
                one.name for one in fields(Sample)
            ]  # as values: the class is of another module where this one is run
            pickle.dump((code, [[getattr(one, name) for name in names] for one in samples]), file)
    return samples


# ---- training


def second_forests(samples: Sequence[Sample], firsts: Sequence[Any]) -> dict[str, block_model.Forest]:
    """The second forests; *firsts* are the first opinions on each sample, of a forest that did not see its site."""
    alone = [
        np.concatenate((one.measured.features, one.measured.opinion(scores)), axis=1)
        for one, scores in zip(samples, firsts, strict=True)
    ]
    asked = [
        np.concatenate((features, one.measured.verdict(scores, one.verdict)), axis=1)
        for one, scores, features in zip(samples, firsts, alone, strict=True)
    ]
    return {block_model.ALONE: fit(samples, alone, *SECOND), block_model.ASKED: fit(samples, asked, *SECOND)}


def fit(samples: Sequence[Sample], measures: Sequence[Any], trees: int, rate: float) -> block_model.Forest:
    """A forest of so many *trees* over the *measures* of the samples."""
    from catboost import CatBoostClassifier  # noqa: PLC0415 - only for training

    features, labels, weights = rows(samples, measures)
    model = CatBoostClassifier(
        loss_function="CrossEntropy", iterations=trees, learning_rate=rate, depth=DEPTH, rsm=0.1, border_count=32, l2_leaf_reg=6, random_seed=1,
        bootstrap_type="Bernoulli", subsample=0.7, verbose=False, allow_writing_files=False, thread_count=2,
    )  # fmt: skip
    model.fit(features, np.clip(labels, 0, 1), sample_weight=weights / weights.mean())
    return forest(model)


def rows(samples: Sequence[Sample], measures: Sequence[Any]) -> tuple[Any, Any, Any]:
    """What is learnt from: all blocks near a body, a quarter of the others."""
    rng = np.random.default_rng(5)
    hints = [
        at
        for at, name in enumerate(feature_names())
        if name.startswith(("below.", "near.", "above.")) or name == "node.away"
    ]
    features, labels, weights = [], [], []
    for one, measured in zip(samples, measures, strict=True):
        share, weight = one.labels.shares, one.labels.weights * IMPORTANCE.get(one.corpus, 1.0)
        near = np.convolve(share > 0.05, np.ones(21), "same")[: len(share)] > 0
        kept = (near | (rng.random(len(share)) < 0.25)) & (weight > 0)
        own, weight = measured[kept], np.where(near, weight, 4 * weight)[kept]
        for again in range(1 + (rng.random() < 0.25)):
            if again:
                own = own.copy()
                own[:, hints] = 0
            features.append(own)
            labels.append(share[kept])
            weights.append(weight)
    return np.concatenate(features), np.concatenate(labels), np.concatenate(weights)


def first_opinions(samples: Sequence[Sample], folds: int, *, unseen: bool) -> list[list[Any]]:
    """By fold, the first scores of each sample: by a forest that saw neither that fold nor the sample's own.  Without
    *unseen* only by those that saw all but the sample's own."""
    of = [one.fold(folds) for one in samples]
    found: list[list[Any]] = [[None] * len(samples) for _ in range(folds)]
    for one in range(folds):
        for other in range(one + 1) if unseen else (one,):
            known = [sample for sample, fold in zip(samples, of, strict=True) if fold not in {one, other}]
            trained = fit(known, [sample.measured.features for sample in known], *FIRST)
            for at, sample in enumerate(samples):
                if of[at] in {one, other}:
                    found[other if of[at] == one else one][at] = trained.predict(sample.measured.features)
        print(f"the first opinions of fold {one} are known", flush=True)
    return found


def forest(model: Any) -> block_model.Forest:
    """CatBoost's trees as arrays."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        told = json.loads(Path(file.name).read_text())
    trees = told["oblivious_trees"]
    where = [one["flat_feature_index"] for one in told["features_info"]["float_features"]]
    scale, (bias,) = told["scale_and_bias"]
    feature, border = np.zeros((len(trees), DEPTH), np.int32), np.full((len(trees), DEPTH), np.inf, np.float32)
    leaf = np.zeros((len(trees), 2**DEPTH), np.float64)
    for at, tree in enumerate(trees):
        for depth, split in enumerate(tree["splits"] or ()):
            feature[at, depth], border[at, depth] = where[split["float_feature_index"]], split["border"]
        leaf[at, : len(tree["leaf_values"])] = np.array(tree["leaf_values"], np.float32) * scale
    return block_model.forest_of(feature, border, leaf, float(bias))


def write(samples: Sequence[Sample]) -> None:
    opinions = first_opinions(samples, _INNER, unseen=False)
    firsts = [opinions[one.fold(_INNER)][at] for at, one in enumerate(samples)]
    trained = {
        block_model.FIRST: fit(samples, [one.measured.features for one in samples], *FIRST),
        **second_forests(samples, firsts),
    }
    arrays: dict[str, Any] = {}
    for name, one in trained.items():
        arrays |= {
            f"{name}.feature": one.feature.astype(np.int16),
            f"{name}.border": one.border.astype(np.float32),
            f"{name}.leaf": one.leaf.astype(np.float32),
            f"{name}.bias": np.array(one.bias),
        }
    np.savez_compressed(Path(block_model.__file__).with_name("block_model.npz"), **arrays)


# ---- on sites that were not seen


def check(samples: Sequence[Sample], folds: int) -> None:
    alone, both, asked = [b""] * len(samples), [b""] * len(samples), 0
    opinions = first_opinions(samples, folds, unseen=True)
    for fold in range(folds):
        known = [at for at, one in enumerate(samples) if one.fold(folds) != fold]
        trained = second_forests([samples[at] for at in known], [opinions[fold][at] for at in known])
        for at, one in enumerate(samples):
            if one.fold(folds) != fold:
                continue
            evidence = block_model.evidence_of(one.measured, opinions[fold][at], trained)
            scores = evidence.alone()
            alone[at] = both[at] = body_decision(scores, asked=False)
            if body.in_doubt(scores, one.chars):
                asked += 1
                both[at] = body_decision(evidence.with_verdict(one.verdict), asked=True)
        print(f"fold {fold} is judged", flush=True)
    print(f"trafilatura is asked about {asked / len(samples):.1%} of the pages")
    for name, decisions in (("model alone", alone), ("with verdict", both)):
        tell(name, samples, decisions)


def body_decision(scores: Any, *, asked: bool) -> bytes:
    return body.BodyDecision((), scores, None, asked).to_bytes()


def tell(name: str, samples: Sequence[Sample], decisions: Sequence[bytes]) -> None:
    """Prints what the extractor makes of the pages when it is told these scores."""
    extractor = ArticleExtractor()
    for corpus in CORPORA:
        mine, other = Side(), Side()
        for one, scores in zip(samples, decisions, strict=True):
            if one.corpus != corpus:
                continue
            got = extractor.extract(PageRecord(one.url, NOW, (), gzip.decompress(one.html), body_decision=scores))
            if one.truth.get("body"):
                mine.bodies.append(score_body(one.truth["body"], text_for(corpus, got)))
                other.bodies.append(score_body(one.truth["body"], one.theirs))
            segments(mine, one.truth, got.article.text or "")
            segments(other, one.truth, one.theirs)
        figures = [f"{name:12} {corpus:12}"]
        measures: tuple[tuple[str, Callable[..., float]], ...] = (("shingle", corpus_f1), ("bag", corpus_bag))
        for measure_name, of in measures if mine.bodies else ():
            low, high = paired_interval(mine.bodies, other.bodies, of)
            figures.append(
                f"{measure_name} {of(mine.bodies):.4f} ({of(other.bodies):.4f}; difference {low:+.4f} to {high:+.4f})"
            )
        if mine.hits[0]:
            figures.append(f"segments {mine.segments_f1():.4f} ({other.segments_f1():.4f})")
        print("  ".join(figures), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--folds", type=int, default=0, help="say how good it is on unseen sites, by so many folds")
    parser.add_argument("--write", action="store_true", help="train on all pages, and write the weights")
    parser.add_argument("--cache", type=Path, help="a file that keeps the measurements between runs")
    options = parser.parse_args()
    samples = cached(options.corpora, options.cache)
    print(f"{len(samples)} pages, {sum(len(one.chars) for one in samples)} blocks", flush=True)
    if options.folds:
        check(samples, options.folds)
    if options.write:
        write(samples)


if __name__ == "__main__":
    main()
