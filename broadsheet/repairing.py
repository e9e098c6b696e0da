"""Repairing the WARCs a user names, verifying what came out, and telling both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import BadInput, from_os_error
from archive.verify.finding import Finding, Severity
from archive.verify.links import DANGLING, NO_WARCINFO, REFERS
from archive.verify.warc import verify_warc
from archive.warc.repair import Loss, Repair, repair
from archive.warc.source import WarcSource
from broadsheet.cli.shared import Face
from broadsheet.progress import size
from broadsheet.verification import verification_progress

_SHOWN = 20
_LINKS = {DANGLING.id, NO_WARCINFO.id, REFERS.id}


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repair, and what the verifier says of its result: errors left, and links that lead to no record."""

    repair: Repair
    errors: list[Finding] = field(default_factory=list)
    open_links: list[Finding] = field(default_factory=list)


def repair_all(face: Face, inputs: Sequence[Path], output: Path, *, keep_doubtful: bool) -> list[Repaired]:
    """Repair *inputs* into *output*, a file or, for several inputs, a folder.

    Raises:
        BadInput: an input is missing or no WARC, or an output exists.
    """
    for path in inputs:
        if not path.is_file():
            raise BadInput(str(path), "no such file", "Check the path.")
    is_folder = len(inputs) > 1 or output.is_dir()
    targets = [output / path.name.removesuffix(".open") if is_folder else output for path in inputs]
    if len(set(targets)) < len(targets):
        raise BadInput(str(output), "would get two files of one name", "Repair them one at a time.")
    try:
        (output if is_folder else output.parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os_error(error, str(output)) from error
    total, before, repaired = sum(path.stat().st_size for path in inputs), 0, []
    with verification_progress(face) as progress:
        for path, target in zip(inputs, targets, strict=True):
            done = repair(
                path,
                target,
                keep_doubtful=keep_doubtful,
                on_progress=lambda at, before=before, name=path.name: progress(before + at, total, name),  # type: ignore[misc]
            )
            repaired.append(_verified(done, target))
            before += path.stat().st_size
    return repaired


def _verified(done: Repair, target: Path) -> Repaired:
    result = Repaired(done)
    for finding in verify_warc(WarcSource.of(target)):
        if finding.severity is Severity.ERROR:
            result.errors.append(finding)
        elif finding.rule in _LINKS:
            result.open_links.append(finding)
    return result


def show_repairs(face: Face, repaired: Sequence[Repaired]) -> None:
    """Print what was kept and lost."""
    face.print_json({"files": repaired})
    if face.as_json:
        return
    out = face.out()
    for one in repaired:
        done = one.repair
        out.print(f"{done.target}: {done.kept:,} records, {size(done.kept_bytes)}", soft_wrap=True, markup=False)
        if not done.losses:
            out.print(f"  nothing was lost: {done.source} is whole", soft_wrap=True, markup=False)
        for loss in done.losses[:_SHOWN]:
            out.print(f"  lost: {describe_loss(loss)}", soft_wrap=True, markup=False)
        if len(done.losses) > _SHOWN:
            out.print(f"  ... and {len(done.losses) - _SHOWN:,} more (--json has them all)")
        if done.losses:
            share = 100 * done.lost_bytes / max(1, done.size)
            out.print(f"  {done.lost_bytes:,} of {done.size:,} bytes are lost ({share:.2f} %)")
        if one.open_links:
            out.print(f"  {len(one.open_links):,} records name one that is not in the new file")
        for finding in one.errors[:_SHOWN]:
            line = f"  still wrong: at {finding.offset}: {finding.message} [{finding.rule}]"
            out.print(line, soft_wrap=True, markup=False)


def describe_loss(loss: Loss) -> str:
    """A line about *loss*."""
    line = f"bytes {loss.offset:,}-{loss.offset + loss.length - 1:,}: {loss.reason}"
    if loss.record_id or loss.url:
        line += f" ({loss.record_type or 'a record'} {loss.record_id or 'without id'} {loss.url or ''}".rstrip() + ")"
    return line
