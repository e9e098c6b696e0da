"""Faults in `broadsheet.crawler` that the tests must find."""

from __future__ import annotations

from mutant import Mutant

CRAWLER = (
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
        "what is found while others wait in the journal goes behind what is held",
        "return self.end is None or place < self.end",
        "return len(self.heap) < CAPACITY or place < self.heap[0].place",
        "tests/crawler/frontier/test_queues.py::test_the_order_is_that_of_all_wherever_they_are_held",
    ),
    Mutant(
        "crawler/frontier/queues.py",
        "a host holds any number of URLs in memory",
        "if len(self.heap) <= 2 * CAPACITY:",
        "if True:",
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
        "a delay counts from before a request is connected",
        "        self._count_delay_from(now)\n        if not again:",
        "        if not again:",
        "tests/crawler/politeness/test_pacing.py::test_the_delay_counts_from_the_moment_at_which_a_request_is_sent",
    ),
    Mutant(
        "crawler/politeness/robots.py",
        "a robots.txt that was cut is obeyed as far as it came",
        "if error in _CUT and 200 <= status < 300:",
        "if False:",
        "tests/crawler/politeness/test_robots.py::test_what_leaves_it_undefined",
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
)
