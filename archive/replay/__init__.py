"""Replay in proxy mode: a browser asks for the pages of an archive under their own addresses and gets them as captured.

Nothing in a page is rewritten: the browser itself, told to fetch all through our proxy, sees the old addresses.  What
the archive lacks is answered with 404; no request is ever passed on, and nothing in this package opens a connection.

    capture_index      one index over the WARCs that a user names
    lookup             a request -> the captures that may answer it, best first
    captured_response  a capture -> its HTTP response, revisits resolved
    replay             a request -> the response to send (ranges, codings, HEAD, Memento headers, 404)
    server             the proxy: HTTP/1.1, CONNECT with TLS ended here, 127.0.0.1 only
"""
