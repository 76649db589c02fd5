"""The dashboard with the headers of a public site: ``streamlit run server.py``.

A browser then loads and calls nothing but this server, and shows the pages in no other site's frame
unless CLOSEDLOOP_EMBED names that site. Nothing that a visitor brought is written into a log. What
each header is for is said in docs/hosting.md.
"""

import base64
import hashlib
import os
import re
import sys
import traceback
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent
EMBED = "CLOSEDLOOP_EMBED"  # names the sites that may show the app in a frame, with spaces between


def policy(embed: str = "") -> str:
    """Return the Content-Security-Policy; ``embed`` names sites that may show the app in a frame.

    Streamlit writes styles into the page, loads components as blobs, and Vega and Arrow, which draw
    the charts, compile expressions.
    """
    if not re.fullmatch(r"[\w.:/* -]*", embed):
        raise SystemExit(f"{EMBED} must name sites such as https://example.org, got {embed[:60]!r}")
    index = Path(st.__file__).parent / "static" / "index.html"
    inline = re.findall(r"<script>(.*?)</script>", index.read_text("utf-8"), flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline]
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' blob: 'unsafe-eval' {allowed}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'none'",
        "frame-ancestors": f"'self' {embed}".rstrip(),
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class Headers:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, with_headers)


def without_words(error: Exception) -> bool:
    """Log where an error occurred, but not its message, which may quote a visitor; say it."""
    places = traceback.extract_tb(error.__traceback__)[-4:]
    lines = " < ".join(f"{Path(p.filename).name}:{p.lineno}" for p in reversed(places))
    print(f"{type(error).__name__} at {lines}", file=sys.stderr)
    st.error(
        "Something went wrong here, and it is our fault. Your settings are in the address bar:"
        " reload the page, or take a step back."
    )
    return True


app = st.App(
    HERE / "app.py",
    middleware=[
        Middleware(
            Headers,
            headers={
                "content-security-policy": policy(os.environ.get(EMBED, "")),
                "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
                "referrer-policy": "same-origin",
                "x-content-type-options": "nosniff",
            },
        )
    ],
    on_script_error=without_words,
)
__all__: list[Any] = ["app"]
