"""The metadata of article pages: title, authors, dates, language, rights, kind of page."""

from broadsheet.pipelines.extract.metadata.date_habit import learn_date_habit
from broadsheet.pipelines.extract.metadata.metadata import DateHabit, Metadata
from broadsheet.pipelines.extract.metadata.read import dated_by, read_metadata

__all__ = ["DateHabit", "Metadata", "dated_by", "learn_date_habit", "read_metadata"]
