"""Where profiles are kept: a JSON file a site in the collection's folder ``profiles``, and one id for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.archive.durable import PART_SUFFIX, make_folders, remove, whole_file
from broadsheet.archive.errors import CorruptArchive

if TYPE_CHECKING:
    from broadsheet.pipelines.extract.site.profile import SiteProfile

FOLDER = "profiles"
_OURS = frozenset({".json", PART_SUFFIX})  # profiles, and what a kill left of one


def profiles_id(profiles: Iterable[SiteProfile]) -> str:
    """What distinguishes a set of profiles from all others; "" for none."""
    ids = sorted(f"{profile.site} {profile.profile_id}" for profile in profiles)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16] if ids else ""


def write_profiles(directory: str, profiles: Iterable[SiteProfile]) -> str:
    """Keep *profiles*, and no others, in the collection *directory*; their id."""
    folder = Path(directory) / FOLDER
    make_folders(folder)
    kept = sorted(profiles, key=lambda profile: profile.site)
    for profile in kept:
        data = profile.to_json()
        path = folder / _name(profile.site)
        if not path.is_file() or path.read_bytes() != data:
            with whole_file(path, made_in=folder) as file:
                file.write(data)
    names = {_name(profile.site) for profile in kept}
    remove(path for path in sorted(folder.iterdir()) if path.suffix in _OURS and path.name not in names)
    return profiles_id(kept)


def read_profiles(directory: str) -> tuple[dict[str, SiteProfile], str]:
    """The profiles of the collection *directory* by site, and their id.

    Raises:
        CorruptArchive: a file holds no profile.
    """
    from broadsheet.pipelines.extract.site.profile import SiteProfile  # noqa: PLC0415 - heavy; a writer may have none

    found = {}
    for path in sorted((Path(directory) / FOLDER).glob("*.json")):
        try:
            profile = SiteProfile.from_json(path.read_bytes())
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptArchive(
                str(path), f"is no site profile ({error})", f"`broadsheet extract {directory}` learns it again."
            ) from error
        found[profile.site] = profile
    return found, profiles_id(found.values())


def _name(site: str) -> str:
    """A file name for *site*: readable, and of its own."""
    readable = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in site)[:80]
    return f"{readable}.{hashlib.sha256(site.encode('utf-8', 'replace')).hexdigest()[:8]}.json"
