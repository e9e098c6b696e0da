"""A Chromium browser that sees nothing but the archive: found, started in a throw-away profile, cleaned up after.

All goes through the proxy, loopback included; no name is resolved; WebRTC has no way around; what the browser does on
its own (updates, metrics, sync) is switched off, and what of it is left gets the proxy's 404.  It trusts the replay's
key by its pin, on the command line, so no certificate is installed anywhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput, BrokenEnvironment

_NAMES = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "chrome",
    "brave-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "vivaldi",
)
_APPLICATIONS = ("Google Chrome", "Chromium", "Brave Browser", "Microsoft Edge")
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_FEATURES_OFF = (
    "HttpsUpgrades",  # what was captured over http is asked for over http
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "OptimizationHints",
    "Translate",
    "InterestFeedContentSuggestions",
    "CertificateTransparencyComponentUpdater",
    "AutofillServerCommunication",
    "NetworkTimeServiceQuerying",
)
_OWN_ERRANDS = (  # hosts that Chromium asks on its own whatever it is told; they get the proxy's 404
    "accounts.google.com",
    "clients2.google.com",
    "clients2.googleusercontent.com",
    "edgedl.me.gvt1.com",
    "optimizationguide-pa.googleapis.com",
    "redirector.gvt1.com",
    "safebrowsing.googleapis.com",
    "update.googleapis.com",
)
_GRACE = 5.0  # seconds between asking the browser to end and ending it


@dataclass(frozen=True, slots=True)
class ProxyTrust:
    """What a browser needs to know: the proxy's ``host:port`` and the pin of its key."""

    address: str
    pin: str


def find_browser(
    path: Path | None = None, option: str = "--browser", otherwise: str = "use --no-browser and set up your own"
) -> Path:
    """The browser at *path*, or the first of the Chromium family found on this machine.

    *option* is the one that names it, *otherwise* what a user without any can do.

    Raises:
        BadInput: there is none.
    """
    if path is not None:
        found = shutil.which(path)
        if found is None:
            raise BadInput(str(path), "is not a program", f"Name Chrome or Chromium with {option} PATH.")
        return Path(found)
    for candidate in _candidates():
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    raise BadInput(
        "no browser found",
        "Chrome, Chromium, Edge or Brave is needed, and none is installed in a usual place",
        f"Install one, name it with {option} PATH, or {otherwise}.",
    )


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in _NAMES if (found := shutil.which(name)) is not None)
    if sys.platform == "darwin":
        for name in _APPLICATIONS:
            yield Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
            yield Path.home() / f"Applications/{name}.app/Contents/MacOS/{name}"
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        yield from (Path(root) / name for root in roots if root for name in _WINDOWS)


def browser_arguments(profile: Path, trust: ProxyTrust) -> list[str]:
    """The arguments that keep a Chromium browser inside the archive, its profile in *profile*."""
    arguments = [
        f"--user-data-dir={profile}",
        f"--proxy-server=http://{trust.address}",
        "--proxy-bypass-list=<-loopback>",
        f"--ignore-certificate-errors-spki-list={trust.pin}",
        f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {trust.address.partition(':')[0]}",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        f"--disable-features={','.join(_FEATURES_OFF)}",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--no-service-autorun",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-domain-reliability",
        "--disable-client-side-phishing-detection",
        "--disable-sync",
        "--disable-breakpad",
        "--metrics-recording-only",
        "--no-pings",
        "--password-store=basic",
        "--use-mock-keychain",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # without it Chromium does not start for root, in containers above all
    return arguments


def is_browser_own(url: str) -> bool:
    """Whether a URL that is not in the archive is an errand of the browser's own, not of the page."""
    return urlsplit(url).hostname in _OWN_ERRANDS


@contextmanager
def started_browser(
    program: Path, trust: ProxyTrust, urls: Sequence[str], extra: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Start *program* at *urls* in a profile that is deleted afterwards; leaving the context ends it.

    Raises:
        BrokenEnvironment: it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="broadsheet-browser-", ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        command = [str(program), *browser_arguments(profile, trust), *extra, *urls]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us; we end the browser then
            )
        except OSError as error:
            cause = f"cannot be started ({error.strerror})"
            raise BrokenEnvironment(str(program), cause, "Name another browser with --browser PATH.") from error
        try:
            yield process
        finally:
            end_process(process)


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a browser and its helpers, by force when it takes too long."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # helpers that outlive it still write into the profile
            os.killpg(process.pid, signal.SIGKILL)
