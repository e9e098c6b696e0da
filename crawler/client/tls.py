"""TLS as an archive wants it: HTTP/1.1 only, because HTTP/2 frames have no agreed form in a WARC, and by default with
any certificate, because a site with a broken certificate is still to be archived."""

from __future__ import annotations

import ssl

_LEGACY_SERVER_CONNECT = 0x4  # OpenSSL: servers without secure renegotiation (ssl names it from Python 3.12 on)


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """HTTP/1.1 over TLS; *verify* the server's certificate, or take any, of any age."""
    if verify:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the machine's authorities takes a start's twentieth
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.options |= _LEGACY_SERVER_CONNECT
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # what an old server still speaks is worth having
    context.set_alpn_protocols(["http/1.1"])
    return context


def warc_protocol(version: str) -> str:
    """The WARC-Protocol value of what OpenSSL calls *version*, e.g. ``tls/1.3`` for ``TLSv1.3``."""
    name, _, number = version.lower().partition("v")
    return f"{name}/{number if '.' in number else number + '.0'}" if name == "tls" else f"{name}/{number}"
