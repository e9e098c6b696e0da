"""Faults in `broadsheet.pipelines` that the tests must find."""

from __future__ import annotations

from mutant import Mutant

PIPELINES = (
    Mutant(
        "pipelines/capture/log.py",
        "records are journalled, and what they change is not",
        "                    journal.apply(one.submission.change, None if one.captures is None else one.captures.main)\n",
        "                    pass\n",
        "tests/pipelines/capture/test_log.py::test_what_was_submitted_is_durable_in_order_after_a_flush",
    ),
    Mutant(
        "pipelines/capture/log.py",
        "the journal names records that are not on disk yet",
        ("            self._writer.sync()\n            current"),
        "            current",
        "tests/pipelines/capture/test_log.py::test_a_full_disk_stops_the_log_at_the_last_durable_group",
    ),
    Mutant(
        "pipelines/capture/log.py",
        "what fails is not said",
        ("        if first:\n            self._on_failure(error)\n"),
        "",
        "tests/pipelines/capture/test_log.py::test_a_full_disk_stops_the_log_at_the_last_durable_group",
    ),
    Mutant(
        "pipelines/capture/log.py",
        "what was submitted is taken for durable at once",
        "self._durable >= wanted or self._failure is not None",
        "True",
        "tests/pipelines/capture/test_log.py::test_what_was_submitted_is_durable_in_order_after_a_flush",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "a revisit counts as an original",
        'if answer.record_type == "response" and answer.truncated is None',
        "if answer.truncated is None",
        "tests/pipelines/capture/test_originals.py::test_what_comes_after_a_revisit_refers_to_the_original_and_not_to_the_revisit",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "a cut answer counts as an original",
        'answer.record_type == "response" and answer.truncated is None and answer',
        'answer.record_type == "response" and answer',
        "tests/pipelines/capture/test_originals.py::test_a_cut_answer_is_no_original_and_what_must_be_kept_whole_is",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "an original may lie in somebody else's file",
        "own=True, most=1",
        "own=False, most=1",
        "tests/pipelines/capture/test_originals.py::test_an_original_lies_in_the_collections_own_files",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "what was begun later counts as an original",
        "if original is not None and original.date <= until else None",
        "if original is not None else None",
        "tests/pipelines/capture/test_originals.py::test_nothing_is_the_same_as_what_came_after_it",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "payloads of any size are deduplicated",
        "if size < self._minimum or not self._is_met(digest)",
        "if not self._is_met(digest)",
        "tests/pipelines/capture/test_originals.py::test_what_is_stored_again",
    ),
    Mutant(
        "pipelines/capture/originals.py",
        "what the journal has is forgotten when a log is opened",
        "            self._meet(digest)\n",
        "            pass\n",
        "tests/pipelines/capture/test_originals.py::test_later_logs_refer_to_the_first_ones_record_over_files",
    ),
    Mutant(
        "pipelines/dataset/publish.py",
        "a month's rows lie in another month's folder",
        '.astype("datetime64[M]")',
        '.astype("datetime64[Y]").astype("datetime64[M]")',
        "tests/pipelines/dataset/test_publish.py::test_rows_lie_in_the_month_of_their_fetching_in_their_order",
    ),
    Mutant(
        "pipelines/dataset/supersede.py",
        "a manifest goes before its files",
        (
            "    remove(\n"
            "        collection.dataset / file.path\n"
            "        for file in other.files\n"
            "        if file.path not in kept and lies_in_extraction(file.path, other.extraction_id)\n"
            "    )\n"
            "    remove([manifest_path(collection, other.extraction_id, other.part)])\n"
        ),
        (
            "    remove([manifest_path(collection, other.extraction_id, other.part)])\n"
            "    remove(\n"
            "        collection.dataset / file.path\n"
            "        for file in other.files\n"
            "        if file.path not in kept and lies_in_extraction(file.path, other.extraction_id)\n"
            "    )\n"
        ),
        "tests/pipelines/dataset/test_publish_durable.py::test_what_is_superseded_is_gone_from_disk_before_its_manifest_is",
    ),
    Mutant(
        "pipelines/derive/parts.py",
        "a part is settled before the next begins",
        ("            if not warc.closed:\n                return\n"),
        "",
        "tests/pipelines/derive/test_parts.py::test_a_part_is_settled_when_the_next_begins_or_the_file_is_closed",
    ),
    Mutant(
        "pipelines/derive/parts.py",
        "files of two names share their parts",
        'return escaped if stem != warc_filename else f"{escaped}~"',
        "return escaped",
        "tests/pipelines/derive/test_parts.py::test_what_parts_are_called",
    ),
    Mutant(
        "pipelines/derive/task.py",
        "damaged records are not counted",
        '        reasons["damaged"] += unread\n',
        "        pass\n",
        "tests/pipelines/derive/test_derive.py::test_a_record_that_is_damaged_later_is_counted_as_damaged",
    ),
    Mutant(
        "pipelines/extract/roles/role.py",
        "cells of tables are no part of the body",
        '"table", 4, RoleGroup.BODY',
        '"table", 4, RoleGroup.OTHER',
        "tests/pipelines/extract/roles/test_role.py::test_each_role_has_a_meaning_and_a_group",
    ),
    Mutant(
        "pipelines/extract/roles/role.py",
        "stored codes of roles change",
        '"nav", 23,',
        '"nav", 27,',
        "tests/pipelines/extract/roles/test_role.py::test_codes_are_stored_and_never_change",
    ),
    Mutant(
        "pipelines/extract/site/apply_roles.py",
        "most_read is filed as related where the site's profile knows it",
        "Role.MOST_READ if recurs and not (habit.teaser or habit.echo) else Role.RELATED",
        "Role.RELATED",
        "tests/pipelines/extract/site/test_apply_roles.py::test_another_page_s_headline_is_most_read_when_it_recurs_else_related",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "a page that only one table has is not noticed",
        '        for offset in sorted(pages["captures"] ^ pages["articles"]):',
        '        for offset in sorted(pages["captures"] & set()):',
        "tests/pipelines/reconcile/test_reconcile.py::test_a_page_that_only_one_table_has",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "entries in two parts are not noticed",
        "if manifest.first < reached.get(manifest.extraction_id, 0):",
        "if False:",
        "tests/pipelines/reconcile/test_reconcile.py::test_entries_that_are_in_two_parts",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "a row that stands twice is not noticed",
        "        if count > 1:\n",
        "        if False:\n",
        "tests/pipelines/reconcile/test_reconcile.py::test_a_row_that_stands_twice_in_place_of_another",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "a changed Parquet file is not noticed",
        "if _sha256(path) not in digests:",
        "if False:",
        "tests/pipelines/reconcile/test_reconcile.py::test_a_file_that_was_changed_after_it_was_published",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "counts that do not add up are not noticed",
        "    if manifest.entries != manifest.articles + reasons or manifest.entries != manifest.stop - manifest.first:\n",
        "    if False:\n",
        "tests/pipelines/reconcile/test_reconcile.py::test_counts_that_do_not_add_up",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "a file longer than its journal is not noticed",
        "if size < warc.size or (warc.closed and size > warc.size):",
        "if size < warc.size:",
        "tests/pipelines/reconcile/test_reconcile.py::test_a_file_that_is_longer_or_shorter_than_its_journal",
    ),
    Mutant(
        "pipelines/reconcile/reconcile.py",
        "a part that is not there is not noticed",
        "if (part.first, part.stop) not in made:",
        "if False:",
        "tests/pipelines/reconcile/test_reconcile.py::test_a_part_that_was_not_made_or_ends_behind_the_journal",
    ),
    Mutant(
        "pipelines/extract/roles/assign.py",
        "what is most read is filed as related, by its heading",
        "Role.MOST_READ if named & _POPULAR else Role.RELATED",
        "Role.RELATED",
        "tests/pipelines/extract/roles/test_questions.py::test_the_heading_of_a_list_decides_whatever_its_class",
    ),
    Mutant(
        "pipelines/extract/roles/questions.py",
        "what is most read is filed as related, by its class",
        "(by_markup if hints & _H_POPULAR else by_rule)(Role.MOST_READ)",
        "(by_markup if hints & _H_POPULAR else by_rule)(Role.RELATED)",
        "tests/pipelines/extract/roles/test_questions.py::test_the_heading_above_a_list_is_part_of_it",
    ),
)
