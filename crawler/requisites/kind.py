"""The kinds of requisites."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a requisite is for, as its document says; its answer may be something else."""

    IMAGE = "image"
    STYLE = "style"
    SCRIPT = "script"
    FONT = "font"
    MEDIA = "media"  # video, audio, text tracks
    FRAME = "frame"  # a document within the document
    OBJECT = "object"  # object, embed
    DATA = "data"  # manifests, preloaded data
