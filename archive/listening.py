"""Ports of this machine that cannot be listened on, in the user's words."""

from __future__ import annotations

import errno

from broadsheet.archive.errors import BadInput, BroadsheetError, from_os_error


def cannot_listen(error: OSError, port: int) -> BroadsheetError:
    """What to say of *port* when nothing can listen there."""
    if error.errno == errno.EADDRINUSE:
        return BadInput(f"port {port}", "another program listens there", "Choose another with --port, or leave it out.")
    if error.errno == errno.EACCES:
        return BadInput(f"port {port}", "only the administrator may use it", "Choose one above 1023 with --port.")
    return from_os_error(error, f"port {port}")
