"""The metadata of article pages: title, authors, dates, language, rights, kind of page."""

from broadsheet.pipelines.extract.metadata.date_habit import learn_date_habit
from broadsheet.pipelines.extract.metadata.metadata import DateHabit, Metadata
from broadsheet.pipelines.extract.metadata.read import read_metadata

__all__ = ["DateHabit", "Metadata", "learn_date_habit", "read_metadata"]
