"""Makes a small segment as a whole, in whichever process has imported numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.output.search.documents import SearchDocument, SearchWords


def small_segment(documents: Sequence[SearchDocument], words: SearchWords) -> Mapping[str, bytes]:
    """The files of a segment by address."""
    from generator.output.search.segments import segment_files  # noqa: PLC0415 -- loads numpy

    return segment_files(documents, words)[1]
