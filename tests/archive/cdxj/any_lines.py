"""Lines of CDXJ of any content, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from broadsheet.archive.cdxj.line import CdxjLine

_TEXT = st.text(max_size=20)

LINES = st.builds(
    CdxjLine,
    urlkey=st.text("abc,)/?=%", min_size=1, max_size=12),
    timestamp=st.from_regex(r"20[0-9]{12}", fullmatch=True),
    url=_TEXT,
    mime=st.none() | _TEXT,
    status=st.none() | st.integers(100, 599),
    digest=st.none() | _TEXT,
    length=st.integers(0, 10**12),
    offset=st.integers(0, 10**15),
    filename=_TEXT,
    request_body=st.none() | _TEXT,
    method=st.none() | st.just("POST"),
)
