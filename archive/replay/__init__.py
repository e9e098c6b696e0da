"""Replay in proxy mode: a browser asks for the pages of an archive under their own addresses and gets them as captured.

Nothing in a page is rewritten: the browser itself, told to fetch all through our proxy, sees the old addresses.  What
the archive lacks is answered with 404; no request is ever passed on, and nothing in this package opens a connection.

    holdings    the WARCs and their indexes, as one
    lookup      a request -> the captures that may answer it, best first
    stored      a capture -> its HTTP answer, revisits resolved
    replay      a request -> the answer to send (ranges, codings, HEAD, Memento headers, 404)
    server      the proxy: HTTP/1.1, CONNECT with TLS ended here, 127.0.0.1 only
"""
