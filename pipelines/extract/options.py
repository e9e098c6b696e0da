"""What a user may want otherwise in the rows of a page: declared here once, for the command line, the API and the workers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractionOptions:
    """Options that change rows; they are part of the ``extraction_id``, and in words in the manifests.

    ``markdown_images``: ``text_markdown`` has the article's images with their captions, each where it stands.
    """

    markdown_images: bool = False

    def __str__(self) -> str:
        """The options that are not as usual, in words; "" when all are."""
        return "markdown images" if self.markdown_images else ""


USUAL = ExtractionOptions()
