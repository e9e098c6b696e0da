"""The report as one HTML page that needs nothing else: no script, no font, no request; light and dark.

Pages of strangers are named here (URLs, media types, errors), so every text goes through `html.escape`, URLs are shown
and not linked, and the page forbids itself, by its own policy, to load or run anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from broadsheet.archive.statistics import Count
from broadsheet.crawler.state.summary import Problem
from broadsheet.report.charts import bars, share_bar
from broadsheet.report.facts import BUCKETS, TOP, Facts
from broadsheet.terminal.progress import duration, size

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1c1a;--soft:#6b6b66;--paper:#fcfcf9;--line:#dcdcd5;--bar:#3b6ea8;--bad:#a8323b}
@media(prefers-color-scheme:dark){:root{--ink:#e8e8e3;--soft:#a0a099;--paper:#181817;--line:#3a3a37;--bar:#79a9de;--bad:#e58a90}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:0 auto;max-width:62rem;padding:1.5rem}
h1{font:600 1.7rem/1.2 Georgia,serif;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}
p.soft,td.soft{color:var(--soft)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin:1.2rem 0}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th{text-align:left;font-weight:600;color:var(--soft)}
th,td{padding:.22rem .8rem .22rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}ul{margin:.2rem 0;padding-left:1.1rem}
svg.chart{width:100%;height:auto;margin:.4rem 0}svg text{font-size:12px;fill:var(--soft)}
.grid{stroke:var(--line)}.bar{fill:var(--bar)}
svg.share{width:7rem;height:.5rem}.bad{color:var(--bad)}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_page(facts: Facts, *, software: str, made: datetime) -> str:
    """The page; *software* and *made* are said at its foot."""
    sections = [
        _head(facts),
        _timeline(facts),
        _counts_section("Status", facts.statuses, "status"),
        _counts_section("Media types", facts.mimes[:TOP], "type", more=len(facts.mimes) - TOP),
        _counts_section("Hosts", facts.hosts, "host", more=facts.host_count - TOP),
        _counts_section("Sizes of records in the archive", facts.sizes, "size"),
        _problems_section("Errors", facts.errors, "Every exchange had an answer."),
        _problems_section("URLs given up or refused", facts.refused, "None."),
        _problems_section("URLs left out", facts.left_out, "None."),
        _counts_section("Spellings that were found to be the same page", facts.spellings, "site and rule"),
        _counts_section("Frontier", facts.frontier, "state"),
        _counts_section("Extraction", facts.extraction, "outcome"),
        _verification(facts),
        _capture_quality(facts),
        _files(facts),
        _settings(facts),
    ]
    title = escape(facts.name)
    foot = f"Made by {escape(software)} on {made:%Y-%m-%d %H:%M} UTC from the collection's journal. Times are UTC."
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: report</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<style>{_STYLE}</style></head><body>{''.join(sections)}<p class=soft>{foot}</p></body></html>\n"
    )


def _head(facts: Facts) -> str:
    when = "nothing was fetched yet"
    took = ""
    if facts.begun is not None and facts.ended is not None:
        when = f"{facts.begun:%Y-%m-%d %H:%M} to {facts.ended:%Y-%m-%d %H:%M} UTC"
        took = duration((facts.ended - facts.begun).total_seconds())
    seeds = (
        f"<p>Seeds:</p><ul>{''.join(f'<li>{escape(seed)}</li>' for seed in facts.seeds)}</ul>" if facts.seeds else ""
    )
    cells = [
        ("captures", f"{facts.captures:,}"),
        ("answers", f"{facts.answers:,}"),
        ("in the archive", size(facts.archive_bytes)),
        ("hosts", f"{facts.host_count:,}"),
        ("revisits (stored once)", f"{facts.revisits:,} ({_percent(facts.revisits, facts.answers)})"),
        ("answers seen before", f"{facts.repeated:,} ({_percent(facts.repeated, facts.answers)})"),
        ("cut answers", f"{facts.truncated:,}"),
        ("denied by robots.txt", f"{facts.robots_denied:,}"),
        ("from first to last", took or "-"),
    ]
    grid = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in cells)
    return f"<h1>{escape(facts.name)}</h1><p class=soft>{escape(when)}</p>{seeds}<dl>{grid}</dl>"


def _timeline(facts: Facts) -> str:
    if not facts.timeline:
        return ""
    labels = [f"{bar.start:%Y-%m-%d %H:%M:%S}" for bar in facts.timeline]
    each = f"each bar is {duration(facts.bucket_seconds)}" if facts.bucket_seconds >= 1 else f"{BUCKETS} bars"
    requests = bars([bar.count for bar in facts.timeline], labels, _plain_number, "Captures over time")
    weights = bars([bar.size for bar in facts.timeline], labels, size, "Bytes of the archive over time")
    return (
        f"<h2>Timeline</h2><p class=soft>Captures; {escape(each)}.</p>{requests}"
        f"<p class=soft>Bytes in the archive.</p>{weights}"
    )


def _counts_section(title: str, rows: Sequence[Count], what: str, *, more: int = 0) -> str:
    if not rows:
        return ""
    highest = max(row.count for row in rows) or 1
    with_size = any(row.size for row in rows)
    head = f"<th>{escape(what)}</th><th></th><th class=n>count</th>" + ("<th class=n>bytes</th>" if with_size else "")
    body = "".join(
        f"<tr><td>{escape(row.name)}</td><td>{share_bar(row.count / highest)}</td><td class=n>{row.count:,}</td>"
        + (f"<td class=n>{escape(size(row.size))}</td>" if with_size else "")
        + "</tr>"
        for row in rows
    )
    rest = f"<p class=soft>and {more:,} more</p>" if more > 0 else ""
    return f"<h2>{escape(title)}</h2>{_table(head, body)}{rest}"


def _problems_section(title: str, problems: Sequence[Problem], none: str) -> str:
    if not problems:
        return f"<h2>{escape(title)}</h2><p class=soft>{escape(none)}</p>"
    body = "".join(
        f"<tr><td>{escape(problem.reason)}</td><td class=n>{problem.count:,}</td>"
        f"<td class=soft><ul>{''.join(f'<li>{escape(url)}</li>' for url in problem.examples)}</ul></td></tr>"
        for problem in problems
    )
    return f"<h2>{escape(title)}</h2>{_table('<th>reason</th><th class=n>count</th><th>for example</th>', body)}"


def _verification(facts: Facts) -> str:
    checked = facts.verification
    if checked is None:
        return "<h2>Verification</h2><p class=soft>Not verified yet: run broadsheet verify on the collection.</p>"
    verdict = f"<span class=bad>{checked.errors:,} errors</span>" if checked.errors else "sound"
    line = f"<p>{verdict}, {checked.warnings:,} warnings, {checked.infos:,} notes ({escape(checked.at)})</p>"
    rules = "".join(f"<tr><td>{escape(r.name)}</td><td class=n>{r.count:,}</td></tr>" for r in checked.rules)
    table = _table("<th>rule</th><th class=n>count</th>", rules) if rules else ""
    return f"<h2>Verification</h2>{line}{table}"


def _capture_quality(facts: Facts) -> str:
    quality = facts.capture_quality
    if quality is None:
        return "<h2>Capture quality</h2><p class=soft>Not checked yet: run broadsheet check on the collection.</p>"
    browser = f"; {quality.looked_at:,} were opened in a browser" if quality.looked_at else ""
    line = (
        f"<p>{quality.complete:,} of {quality.pages:,} pages lack nothing (of {quality.of:,} there are){browser} "
        f"({escape(quality.at)})</p>"
    )
    head = "<th>needed</th>" + "".join(
        f"<th class=n>{name}</th>"
        for name in ("captured", "as another query", "gone (4xx)", "failed", "never asked", "left out")
    )
    body = "".join(
        f"<tr><td>{escape(row.kind)}</td>"
        + "".join(
            f"<td class=n>{count:,}</td>"
            for count in (row.captured, row.fuzzy, row.gone, row.failed, row.never_asked, row.left_out)
        )
        + "</tr>"
        for row in quality.needs
    )
    missing = "".join(
        f"<tr><td>{escape(one.examples[0])}</td><td>{escape(one.reason)}</td><td class=n>{one.count:,}</td></tr>"
        for one in quality.missing
    )
    lacking = _table("<th>missing</th><th>why</th><th class=n>pages</th>", missing) if missing else ""
    return f"<h2>Capture quality</h2>{line}{_table(head, body)}{lacking}"


def _files(facts: Facts) -> str:
    body = "".join(
        f"<tr><td>{escape(file.name)}</td><td class=n>{file.captures:,}</td><td class=n>{escape(size(file.size))}</td>"
        f"<td>{'' if file.closed else 'still open'}</td></tr>"
        for file in facts.files
    )
    return f"<h2>WARC files</h2>{_table('<th>file</th><th class=n>captures</th><th class=n>bytes</th><th></th>', body)}"


def _settings(facts: Facts) -> str:
    if not facts.settings:
        return ""
    body = "".join(f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in facts.settings)
    return f"<h2>Settings</h2>{_table('<th>option</th><th>value</th>', body)}"


def _table(head: str, body: str) -> str:
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0 %"


def _plain_number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
