"""``broadsheet repair``: repairs the WARCs that a user names, verifies the new files, and prints both results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.archive.durable import folders_kept_if_used, make_folders, remove, temporary_folder, whole_file
from broadsheet.archive.errors import BadInput, BroadsheetError, no_such_file, os_errors_of
from broadsheet.archive.output import output_file, output_folder
from broadsheet.archive.verify.finding import Finding, Severity
from broadsheet.archive.verify.links import DANGLING, NO_WARCINFO, REFERS
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.wacz import Salvaged, is_wacz, salvaged_sources, unpacked_sources
from broadsheet.archive.warc.reader import is_arc_file
from broadsheet.archive.warc.repair import REWRITTEN, Loss, Repair, repair
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource
from broadsheet.cli.shared import Face
from broadsheet.terminal.amounts import size
from broadsheet.warcs.verification import verification_progress

_SHOWN = 20
_NOTE = ".repairing.json"  # in a folder that a repair is not through with
_LINKS = {DANGLING.id, NO_WARCINFO.id, REFERS.id}


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repair, and what the verifier says of its result: errors left, and links that lead to no record.  ``missing`` are bytes
    of the WARC behind the end of the torn WACZ that it was found in."""

    repair: Repair
    errors: list[Finding] = field(default_factory=list)
    open_links: list[Finding] = field(default_factory=list)
    missing: int = 0


def repair_all(face: Face, inputs: Sequence[Path], output: Path, *, keep_doubtful: bool) -> list[Repaired]:
    """Repair *inputs* into *output*: a file, or a folder for several inputs and for the WARCs of a WACZ.

    Raises:
        BadInput: an input is missing, no WARC and no WACZ, or an output exists.
    """
    for path in inputs:
        if path.is_dir():
            raise BadInput(str(path), "is a folder", "Name WARC or WACZ files.")
        if not path.is_file():
            raise no_such_file(path)
    with (
        folders_kept_if_used(output),
        temporary_folder("repair") as temporary,
        verification_progress(face) as progress,
    ):
        found = [one for path in inputs for one in _sources(path, Path(temporary))]
        sources = [one.source for one in found]
        targets = _targets(inputs, sources, output)
        with _noted(inputs, output, targets):
            total, before, repaired = sum(_size(source) for source in sources), 0, []
            for source, target, missing in zip(sources, targets, [one.missing for one in found], strict=True):
                done = repair(
                    source,
                    target,
                    keep_doubtful=keep_doubtful,
                    on_progress=lambda at, before=before, name=source.name: progress(before + at, total, name),  # type: ignore[misc]
                )
                repaired.append(_verified(done, target, missing))
                before += _size(source)
    return repaired


@contextmanager
def _noted(inputs: Sequence[Path], output: Path, targets: Sequence[Path]) -> Iterator[None]:
    """Note in the folder *output* what is repaired into it, while it is.

    Where a kill left the note, or a fault after the first of *targets*, the same command begins anew.
    """
    if not output.is_dir():
        yield
        return
    note = output / _NOTE
    with os_errors_of(note), whole_file(note) as file:
        file.write(_stated(inputs))
    try:
        yield
    except BroadsheetError:
        if not any(target.exists() for target in targets):
            remove([note])
        raise
    remove([note])


def _stated(inputs: Sequence[Path]) -> bytes:
    stats = [(path.absolute(), path.stat()) for path in inputs]
    return json.dumps([[str(path), stat.st_size, stat.st_mtime_ns] for path, stat in stats]).encode()


def _was_killed(inputs: Sequence[Path], output: Path) -> bool:
    """Whether a repair of the same *inputs* into the folder *output* did not come to its end."""
    with suppress(OSError):
        return (output / _NOTE).read_bytes() == _stated(inputs)
    return False


def _sources(path: Path, temporary: Path) -> list[Salvaged]:
    """The WARC *path*, or the WARCs of a WACZ; of one whose zip is damaged those that can be found in it."""
    if not is_wacz(path):
        return [Salvaged(WarcSource.of(path), 0)]
    try:
        return [Salvaged(source, 0) for source in unpacked_sources(path, temporary)]
    except BroadsheetError:
        found = salvaged_sources(path)
        if not found:
            raise
        return found


def _targets(inputs: Sequence[Path], sources: Sequence[WarcSource], output: Path) -> list[Path]:
    waczs = [path for path in inputs if is_wacz(path)]
    if waczs and output.suffix == ".wacz":
        what = "is no place for the WARCs of a WACZ"
        raise BadInput(str(output), what, "Name a folder with -o, then `broadsheet pack FOLDER -o NEW.wacz`.")
    is_folder = len(sources) > 1 or output.is_dir() or (bool(waczs) and not output.name.endswith(ARCHIVE_SUFFIXES))
    if is_folder and output.name.endswith(ARCHIVE_SUFFIXES) and not output.is_dir():
        raise BadInput(str(output), f"is one file, for {len(sources)} WARCs", "Name a folder with -o.")
    targets = [output / _name_of(source) if is_folder else output for source in sources]
    if is_folder:
        output_folder(output, f"what is saved of {len(sources)} WARCs")
    if len(set(targets)) < len(targets):
        raise BadInput(str(output), "would get two files of one name", "Repair them one at a time.")
    with os_errors_of(output):
        make_folders(output if is_folder else output.parent)
    if is_folder and _was_killed(inputs, output):
        remove(targets)
    for target in targets:
        output_file(target, replace=False, whole="a WARC that is verified at the end")
    return targets


def _name_of(source: WarcSource) -> str:
    """What the file that is saved of *source* is called in a folder: an ARC's becomes a WARC."""
    name = source.name.replace("/", "-")
    base = name.removesuffix(".gz")
    return f"{base.removesuffix('.arc')}{REWRITTEN}" if base.endswith(".arc") else name


def _size(source: WarcSource) -> int:
    return source.path.stat().st_size if source.size is None else source.size


def _verified(done: Repair, target: Path, missing: int) -> Repaired:
    result = Repaired(done, missing=missing)
    for finding in () if is_arc_file(WarcSource.of(target)) else verify_warc(WarcSource.of(target)):
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
        if one.missing:
            out.print(
                f"  lost: the file ends {one.missing:,} bytes before this WARC does", soft_wrap=True, markup=False
            )
        elif not done.losses:
            out.print(f"  nothing was lost: {done.source} is whole", soft_wrap=True, markup=False)
        for loss in done.losses[:_SHOWN]:
            out.print(f"  lost: {describe_loss(loss)}", soft_wrap=True, markup=False)
        if len(done.losses) > _SHOWN:
            out.print(f"  ... and {len(done.losses) - _SHOWN:,} more (--json has them all)")
        if done.losses and done.unpacked:
            out.print("  what could be read of damaged members is kept")
        elif done.losses:
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
