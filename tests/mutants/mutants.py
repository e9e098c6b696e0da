"""Faults that the tests must find, each with the test that finds it: what a fault breaks for users, and the code that makes it.

Whoever changes that code changes its mutant with it (`test_mutants.py` insists); whoever fixes a fault that no test found adds
one.  `run.py` runs them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: *new* in the place of *old*, which stands once in the file *path*; the test *killed_by* fails of it."""

    path: str
    fault: str
    old: str
    new: str
    killed_by: str


MUTANTS = (
    Mutant(
        "archive/catalogue.py",
        "the journal's originals may be cut",
        ('" AND record_type = \'response\' AND truncated IS NULL AND payload_digest IS NOT NULL"\n            f"'),
        ('" AND record_type = \'response\' AND payload_digest IS NOT NULL"\n            f"'),
        "tests/pipelines/capture/test_originals.py::test_a_cut_answer_is_no_original_for_a_later_log_either",
    ),
    Mutant(
        "archive/catalogue.py",
        "the journal's originals may be revisits",
        ('" AND record_type = \'response\' AND truncated IS NULL AND payload_digest IS NOT NULL"\n            f"'),
        ('" AND truncated IS NULL AND payload_digest IS NOT NULL"\n            f"'),
        "tests/pipelines/capture/test_originals.py::test_an_original_lies_in_the_collections_own_files",
    ),
    Mutant(
        "archive/durable.py",
        "a refused write leaves its beginning behind",
        "            self._file.truncate(start)\n",
        "",
        "tests/archive/test_durable.py::test_what_is_appended_is_whole_or_not_there",
    ),
    Mutant(
        "archive/durable.py",
        "a file is renamed before its content is durable",
        ("        file.flush()\n        os.fsync(file.fileno())\n        place_of"),
        ("        file.flush()\n        place_of"),
        "tests/archive/test_durable.py::test_a_whole_file_is_synced_renamed_and_its_name_synced",
    ),
    Mutant(
        "archive/durable.py",
        "a rename is not durable",
        ("    path.rename(place)\n    sync_directory(place.parent)"),
        "    path.rename(place)",
        "tests/archive/test_durable.py::test_a_whole_file_is_synced_renamed_and_its_name_synced",
    ),
    Mutant(
        "archive/durable.py",
        "what is appended is not synced",
        ("            os.fsync(self._file.fileno())\n\n    def finish"),
        ("            pass\n\n    def finish"),
        "tests/archive/test_durable.py::test_a_file_that_grows_is_there_as_far_as_it_was_synced",
    ),
    Mutant(
        "archive/durable.py",
        "a file is finished without a sync",
        ("        self.sync()\n        self._file.close()\n        rename"),
        ("        self._file.close()\n        rename"),
        "tests/archive/test_durable.py::test_a_file_that_grows_is_there_as_far_as_it_was_synced",
    ),
    Mutant(
        "archive/generations.py",
        "a dataset is lost when a kill comes between two renames",
        "if not place.exists() or not any(place.iterdir()):",
        "if False:",
        "tests/archive/test_generations.py::test_a_kill_after_the_first_rename_puts_the_old_one_back",
    ),
    Mutant(
        "archive/generations.py",
        "old generations go before their time",
        'if float(old.name.split("-")[1]) <= time.time():',
        "if True:",
        "tests/archive/test_generations.py::test_the_next_one_takes_the_place_and_the_old_one_is_kept_for_its_time",
    ),
    Mutant(
        "archive/http.py",
        "any mention of chunked is chunked",
        'return bool(codings) and codings[-1] == "chunked"',
        'return "chunked" in codings',
        "tests/archive/test_http.py::test_only_a_chunked_body_is_unframed",
    ),
    Mutant(
        "archive/http.py",
        "chunks may have a minus sign or a prefix",
        '_CHUNK_SIZE = re.compile(rb"[ \\t]*([0-9A-Fa-f]{1,16})',
        '_CHUNK_SIZE = re.compile(rb"[ \\t]*([0-9A-Fa-fx-]{1,16})',
        "tests/archive/test_http.py::test_broken_chunks",
    ),
    Mutant(
        "archive/http.py",
        "a body that is only called chunked is cut",
        ("    return body if is_called_chunked_only(body, chunks) else chunks.payload\n"),
        "    return chunks.payload\n",
        "tests/archive/test_http.py::test_broken_chunks",
    ),
    Mutant(
        "archive/http.py",
        "codings are undone in the order in which they were put on",
        'for coding in reversed(_codings(head.get_all("Content-Encoding"))):',
        'for coding in _codings(head.get_all("Content-Encoding")):',
        "tests/archive/test_http.py::test_content_codings",
    ),
    Mutant(
        "archive/http.py",
        "a folded line is lost",
        '            fields[-1] = (name, f"{value} {continued}".strip())\n',
        "",
        "tests/archive/test_http.py::test_heads_that_servers_send",
    ),
    Mutant(
        "archive/journal.py",
        "a commit does not survive a power cut",
        'connection.execute("PRAGMA synchronous=FULL")',
        'connection.execute("PRAGMA synchronous=OFF")',
        "tests/pipelines/capture/test_log.py::test_a_commit_survives_a_power_cut",
    ),
    Mutant(
        "archive/journal.py",
        "what a kill left of a journal is built upon",
        "        leftover.unlink()\n",
        "        pass\n",
        "tests/archive/test_journal.py::test_what_a_kill_left_of_one_is_made_anew",
    ),
    Mutant(
        "archive/journal.py",
        "a transaction that fails is committed",
        '            db.execute("ROLLBACK")',
        '            db.execute("COMMIT")',
        "tests/archive/test_journal.py::test_all_of_a_transaction_is_written_or_nothing",
    ),
    Mutant(
        "archive/verify/record_rules.py",
        "the block's digest is not checked",
        (
            "        and verify_digest(labelled, iterate_block(source, record)) is False\n"
            "        and not _digest_of_nothing(record, labelled)\n"
        ),
        "        and False\n",
        "tests/archive/verify/test_warc.py::test_a_seeded_fault_is_found",
    ),
    Mutant(
        "archive/verify/record_rules.py",
        "any record's digest may be of nothing",
        'return record.record_type == "revisit" and verify_digest(labelled, ()) is True',
        "return verify_digest(labelled, ()) is True",
        "tests/archive/verify/test_record_rules.py::test_only_a_revisit_may_have_the_digest_of_nothing",
    ),
    Mutant(
        "archive/verify/record_rules.py",
        "a digest over chunk framing passes for the payload's",
        (
            "        and verify_digest(labelled, (record.payload(),)) is False\n"
            "        and not _is_of_framing(record, labelled)"
        ),
        ("        and not _is_of_framing(record, labelled)\n        and False"),
        "tests/archive/verify/test_warc.py::test_a_seeded_fault_is_found",
    ),
    Mutant(
        "archive/warc/entries.py",
        "any metadata record tells of the answer before it",
        ' and entry.record_id in record.get_all("WARC-Concurrent-To")',
        "",
        "tests/archive/warc/test_entries.py::test_a_metadata_record_tells_of_the_answer_that_it_names",
    ),
    Mutant(
        "archive/warc/group.py",
        "a cut answer may become a revisit",
        "whole = exchange.error is None and exchange.truncated is None",
        "whole = True",
        "tests/pipelines/capture/test_originals.py::test_a_cut_answer_is_stored_though_what_came_of_it_is_known",
    ),
    Mutant(
        "archive/warc/group.py",
        "a 304 that nobody asked for is a revisit of nothing",
        "if answer.head.status == 304 and unmodified is not None:",
        "if unmodified is not None:",
        "tests/pipelines/capture/test_originals.py::test_what_has_changed_is_stored_though_it_was_asked_about_with_a_condition",
    ),
    Mutant(
        "archive/warc/members.py",
        "a member cut off is taken for whole",
        ("                    raise BrokenMember(self._end_reason())\n            try"),
        ('                    return b""\n            try'),
        "tests/archive/warc/test_reader.py::test_a_cut_at_every_byte_is_reported_and_what_is_whole_is_read",
    ),
    Mutant(
        "archive/warc/reader.py",
        "a record cut short in its member is read",
        "    if seen < length:\n",
        "    if False:\n",
        "tests/archive/warc/test_zstd_frames.py::test_what_cannot_be_read_record_by_record_is_refused_with_the_remedy",
    ),
    Mutant(
        "archive/warc/reader.py",
        "several records in one member are read as one",
        "    if not tail:\n        return False\n",
        "    if tail is not None:\n        return False\n",
        "tests/archive/warc/test_zstd_frames.py::test_what_cannot_be_read_record_by_record_is_refused_with_the_remedy",
    ),
    Mutant(
        "archive/warc/reader.py",
        "damage ends a file in silence",
        (
            "            members.resynchronise(form.begins)\n            reading.report(offset, members.end, str(error))\n"
        ),
        "            return\n",
        "tests/archive/warc/test_reader.py::test_a_cut_at_every_byte_is_reported_and_what_is_whole_is_read",
    ),
    Mutant(
        "archive/warc/plain.py",
        "a plain record beyond the file's end is read",
        "    if end <= size:\n",
        "    if True:\n",
        "tests/archive/warc/test_reader.py::test_a_cut_at_every_byte_is_reported_and_what_is_whole_is_read",
    ),
    Mutant(
        "archive/warc/plain.py",
        "a record that is cut off is said to lack its line ends",
        "    if end > size:\n",
        "    if False:\n",
        "tests/archive/warc/test_reader.py::test_a_cut_at_every_byte_is_reported_and_what_is_whole_is_read",
    ),
    Mutant(
        "archive/warc/reader.py",
        "a record of another length is taken for the one asked for",
        "    if record.length != length:",
        "    if False:",
        "tests/archive/warc/test_reader.py::test_ranges",
    ),
    Mutant(
        "archive/warc/repair.py",
        "a plain record without its digest is kept",
        "if checked or keep_doubtful or not contradicts_its_digest(source, record):",
        "if True:",
        "tests/archive/warc/test_repair.py::test_a_plain_file_with_wrong_lengths_and_flipped_blocks",
    ),
    Mutant(
        "archive/warc/repair.py",
        "bytes that are lost are not listed",
        "        yield _described(Loss(one.offset",
        "        _described(Loss(one.offset",
        "tests/archive/warc/test_repair.py::test_zstd_frames",
    ),
    Mutant(
        "archive/warc/salvage.py",
        "records that name others than those beside them are salvaged",
        '        and all(target in ids for record in group for target in record.get_all("WARC-Concurrent-To"))\n',
        "",
        "tests/archive/warc/test_salvage.py::test_an_answer_and_the_request_of_another_exchange_are_no_group_though_all_else_is_equal",
    ),
    Mutant(
        "archive/warc/salvage.py",
        "records of two addresses are salvaged as one exchange",
        "        and all(record.url == metadata.url for record in records)\n",
        "",
        "tests/archive/warc/test_salvage.py::test_what_makes_records_one_exchange",
    ),
    Mutant(
        "archive/warc/salvage.py",
        "records of two moments are salvaged as one exchange",
        "        and all(record.date == metadata.date for record in group)\n",
        "",
        "tests/archive/warc/test_salvage.py::test_what_makes_records_one_exchange",
    ),
    Mutant(
        "archive/warc/salvage.py",
        "a group without an entry is salvaged",
        "sum(is_entry(record) for record in records) == 1",
        "sum(is_entry(record) for record in records) <= 1",
        "tests/archive/warc/test_salvage.py::test_an_exchange_without_an_answer_has_to_say_why",
    ),
    Mutant(
        "archive/warc/salvage.py",
        "a file shorter than its journal is taken as it is",
        "    if size < committed:",
        "    if False:",
        "tests/archive/warc/test_salvage.py::test_a_file_shorter_than_the_journal_is_corrupt",
    ),
    Mutant(
        "archive/warc/writer.py",
        "a file of a dead process is written over",
        "serials = [int(match.group(1)) for name in names if (match := _SERIAL.search(name))]",
        "serials: list[int] = []",
        "tests/archive/warc/test_writer.py::test_a_new_file_begins_between_exchanges_and_serials_go_on",
    ),
    Mutant(
        "archive/warc/writer.py",
        "a file's sync is left out",
        "            self._file.sync()\n",
        "            pass\n",
        "tests/archive/test_writers_durable.py::test_what_was_synced_of_a_warc_is_on_disk_and_a_closed_one_is_whole",
    ),
    Mutant(
        "crawler/client/dial.py",
        "one public address of a name lets its private ones through",
        "        self._admit(host, port, [one.address[0] for one in addresses])\n",
        "        self._admit(host, port, [addresses[0].address[0]])\n",
        "tests/crawler/client/test_addresses.py::test_a_name_with_a_public_and_a_private_address_never_leads_to_the_private_one",
    ),
    Mutant(
        "crawler/client/framing.py",
        "a connection is asked again though its answer's end is in doubt",
        " or self.leftover or _doubtful(self.head):",
        " or self.leftover:",
        "tests/crawler/client/test_framing.py::test_a_connection_is_kept_only_when_there_is_no_doubt_where_the_answer_ended",
    ),
    Mutant(
        "crawler/client/framing.py",
        "a connection is asked again though more came than the answer",
        "or self.leftover or _doubtful",
        "or _doubtful",
        "tests/crawler/client/test_framing.py::test_a_connection_is_kept_only_when_there_is_no_doubt_where_the_answer_ended",
    ),
    Mutant(
        "crawler/client/framing.py",
        "an answer to HEAD has a body",
        'if self._method == "HEAD" or head.status in _NO_BODY:',
        "if head.status in _NO_BODY:",
        "tests/crawler/client/test_framing.py::test_an_answer_to_head_has_no_body",
    ),
    Mutant(
        "crawler/client/framing.py",
        "a 204 or 304 has a body",
        'if self._method == "HEAD" or head.status in _NO_BODY:',
        'if self._method == "HEAD":',
        "tests/crawler/client/test_framing.py::test_any_cut_of_a_hard_answer_gives_the_same",
    ),
    Mutant(
        "crawler/client/framing.py",
        "of several lengths the last counts",
        "for number in _lengths(head):",
        "for number in reversed(_lengths(head)):",
        "tests/crawler/client/test_framing.py::test_a_connection_is_kept_only_when_there_is_no_doubt_where_the_answer_ended",
    ),
    Mutant(
        "crawler/client/framing.py",
        "a length wins over chunks",
        (
            "        elif is_chunked(head):\n"
            "            self._state = _State.CHUNK_SIZE\n"
            "        elif _transfer_coding(head):\n"
            "            self._state = _State.CLOSE\n"
            "        elif (length := _content_length(head)) is not None:\n"
            "            self._end = self._position + length\n"
            "            self._state = _State.LENGTH\n"
        ),
        (
            "        elif (length := _content_length(head)) is not None:\n"
            "            self._end = self._position + length\n"
            "            self._state = _State.LENGTH\n"
            "        elif is_chunked(head):\n"
            "            self._state = _State.CHUNK_SIZE\n"
            "        elif _transfer_coding(head):\n"
            "            self._state = _State.CLOSE\n"
        ),
        "tests/crawler/client/test_ways.py::test_every_hard_answer_is_exact_on_every_way",
    ),
    Mutant(
        "crawler/client/framing.py",
        "interim answers lie in the record",
        ("            self._set_apart(block)\n            return bool(self.response)\n"),
        "            pass\n",
        "tests/crawler/client/test_framing.py::test_any_cut_of_a_hard_answer_gives_the_same",
    ),
    Mutant(
        "crawler/client/framing.py",
        "a head may have any length",
        "        if self._position > MAX_HEAD:\n",
        "        if False:\n",
        "tests/crawler/client/test_framing.py::test_what_is_not_http",
    ),
    Mutant(
        "crawler/client/polite_client.py",
        "Retry-After is never read",
        "turn.answered(exchange.status, retry_after(exchange, datetime.now(UTC)))",
        "turn.answered(exchange.status)",
        "tests/crawler/client/test_polite_client.py::test_a_refusal_waits_as_long_as_it_says",
    ),
    Mutant(
        "crawler/cookies/cookie.py",
        "a cookie without Domain goes to subdomains",
        "(self.host_only or not domain_matches(host, self.domain))",
        "not domain_matches(host, self.domain)",
        "tests/crawler/cookies/test_cookie.py::test_a_cookie_without_domain_stays_with_its_host",
    ),
    Mutant(
        "crawler/frontier/outcome.py",
        "a URL gets one try too many",
        "return Outcome(State.QUEUED if tries <= retries else State.FAILED, str(error))",
        "return Outcome(State.QUEUED if tries <= retries + 1 else State.FAILED, str(error))",
        "tests/crawler/frontier/test_outcome.py::test_a_failure_is_tried_again_as_often_as_allowed",
    ),
    Mutant(
        "crawler/frontier/outcome.py",
        "an address that is refused is tried again",
        ("    if error in _REFUSALS:\n        return Outcome(State.REFUSED, str(error))\n"),
        "",
        "tests/crawler/frontier/test_outcome.py::test_a_refusal_is_final",
    ),
    Mutant(
        "crawler/frontier/outcome.py",
        "a host that asks to wait uses up tries like one that fails",
        "_PATIENCE = {429: 5, 503: 5}",
        "_PATIENCE: dict[int, int] = {}",
        "tests/crawler/frontier/test_outcome.py::test_a_host_that_asks_to_wait_gets_more_patience_than_one_that_fails",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "a visit takes no place",
        "        queue.active += 1\n",
        "",
        "tests/crawler/frontier/test_queues.py::test_a_host_gives_no_more_than_its_places",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "a host that rests is asked",
        "            if ready > now + self._horizon:\n",
        "            if False:\n",
        "tests/crawler/frontier/test_queues.py::test_a_resting_host_is_skipped_until_shortly_before_its_time",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "pages go before requisites",
        "visit = self._take(queue, requisite=True) or (self._take(queue, requisite=False) if pages else None)",
        "visit = (self._take(queue, requisite=False) if pages else None) or self._take(queue, requisite=True)",
        "tests/crawler/frontier/test_queues.py::test_what_a_page_shows_goes_before_other_pages",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "a host holds any number of URLs in memory",
        "kept = len(lane.heap) < CAPACITY or visit < lane.heap[0]",
        "kept = True",
        "tests/crawler/frontier/test_queues.py::test_memory_is_bounded_and_the_rest_comes_from_the_journal",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "a place is never given back",
        "        queue.active -= 1\n",
        "",
        "tests/crawler/frontier/test_queues.py::test_a_host_gives_no_more_than_its_places",
    ),
    Mutant(
        "crawler/politeness/gate.py",
        "a turn that passed while a connection was waited for is taken",
        "if pacer.ready_at(now) <= now and pacer.has_place and may_begin:",
        "if True:",
        "tests/crawler/politeness/test_gate.py::test_a_wait_for_a_connection_does_not_bunch_the_requests",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "a delay counts from the end of a request",
        "        self._earliest = now + self.delay\n",
        "        pass\n",
        "tests/crawler/politeness/test_pacing.py::test_delay_lies_between_beginnings",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "Crawl-delay replaces a longer delay of the user",
        "delay = max(self._pace.delay, self._wished)",
        "delay = self._wished or self._pace.delay",
        "tests/crawler/politeness/test_pacing.py::test_crawl_delay_wins_when_it_is_longer",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "Retry-After is heeded for days",
        "wait = min(max(retry_after, self.delay), MAX_WAIT)",
        "wait = max(retry_after, self.delay)",
        "tests/crawler/politeness/test_pacing.py::test_the_delay_is_kept_whatever_the_host_answers",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "a host that recovers is asked by several at once",
        "            return self.active == 0\n",
        "            return True\n",
        "tests/crawler/politeness/test_pacing.py::test_concurrency_and_a_host_that_recovers",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "a host that did answer is given up",
        "return not self._answered and self._failures >= others",
        "return self._failures >= others",
        "tests/crawler/politeness/test_pacing.py::test_a_host_that_does_not_answer_gets_a_rest",
    ),
    Mutant(
        "crawler/politeness/pacing.py",
        "a refusal is forgotten at once",
        ("            self.rest(now, wait)\n            return\n"),
        "            return\n",
        "tests/crawler/politeness/test_pacing.py::test_concurrency_and_a_host_that_recovers",
    ),
    Mutant(
        "crawler/politeness/retry_after.py",
        "a date without a zone is the machine's own time",
        "            moment = moment.replace(tzinfo=UTC)\n",
        "            moment = moment.astimezone()\n",
        "tests/crawler/politeness/test_pacing.py::test_a_date_without_a_zone_is_utc_wherever_the_machine_stands",
    ),
    Mutant(
        "crawler/politeness/robots.py",
        "a path that was cut forbids what begins like it",
        '        body = body[: max(body.rfind(b"\\n"), body.rfind(b"\\r")) + 1] or body\n',
        "        pass\n",
        "tests/crawler/politeness/test_robots.py::test_what_lies_beyond_the_limit_does_not_count",
    ),
    Mutant(
        "crawler/politeness/robots.py",
        "a robots.txt that fails allows everything",
        "if status >= 500 or status < 200",
        "if status < 200",
        "tests/crawler/politeness/test_robots.py::test_what_leaves_it_undefined",
    ),
    Mutant(
        "crawler/politeness/robots.py",
        "a robots.txt that lies elsewhere has rules",
        "if status is None or status >= 300:",
        "if status is None or status >= 400:",
        "tests/crawler/politeness/test_robots.py::test_the_status_decides_first",
    ),
    Mutant(
        "crawler/robots.py",
        "Crawl-delay is not handed on",
        "                self._gate.slow_down(host_of(origin), delay)\n",
        "                pass\n",
        "tests/crawler/client/test_polite_client.py::test_a_crawl_delay_reaches_the_host_s_pace",
    ),
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
        "pc.multiply(pc.year(times), 100), pc.month(times)",
        "pc.multiply(pc.year(times), 100), 1",
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
