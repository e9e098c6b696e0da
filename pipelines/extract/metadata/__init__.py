"""The metadata of article pages: title, authors, dates, language, rights, kind of page (`read` reads them)."""

from broadsheet.pipelines.extract.metadata.date_habit import learn_date_habit
from broadsheet.pipelines.extract.metadata.metadata import DateHabit, Metadata

__all__ = ["DateHabit", "Metadata", "learn_date_habit"]
