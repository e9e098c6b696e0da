"""All faults that the tests must find, each with the test that finds it: a file for each layer of the code.

Whoever changes that code changes its mutant with it (`test_mutants.py` insists); whoever fixes a fault that no test found adds
one.  `run.py` runs them.
"""

from __future__ import annotations

from archive_mutants import ARCHIVE
from crawler_mutants import CRAWLER
from pipelines_mutants import PIPELINES

MUTANTS = (*ARCHIVE, *CRAWLER, *PIPELINES)
