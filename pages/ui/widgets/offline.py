"""One run as one HTML file: a player without a server, from a mail attachment. Pure.

The page is made of the player's own files, so that there is one player to maintain. It asks
nothing of the network, and its policy forbids that to whatever might slip in.
"""

import base64
import hashlib
import html

from pages.ui.canvas import files, pack


def standalone_page(run: bytes, title: str, description: str, name: str = "player") -> str:
    """Return one self-contained HTML page that plays a packed run.

    Parameters
    ----------
    run : bytes
        What the component gets, with the header of the page.
    title : str
        Title of the page, plain text.
    description : str
        The settings, the link and the citation in words, one paragraph a line, plain text. A line
        that is a web address becomes a link.
    name : str
        The component that plays it.

    Returns
    -------
    str
        HTML to save as a UTF-8 file. Labels lie in the base64 of the run and are drawn, never
        parsed; title and description are escaped.

    Raises
    ------
    ValueError
        If the player's script does not export exactly one function.
    """
    player = files.component(name)
    script = files.export_as(player.js, "startPlayer") + files.shared("offline.js")
    style = player.css + files.shared("offline.css")
    data = pack.with_header(run, {"offline": True, "mode": "desk"})
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{html.escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{html.escape(title)}</h1>
<div id="player">{player.html}</div>
<footer>
{"".join(f"<p>{_paragraph(line)}</p>" for line in description.splitlines() if line.strip())}
</footer>
</main>
<script type="application/octet-stream" id="run">{base64.b64encode(data).decode()}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def _policy(script: str, style: str) -> str:
    """Return a policy that admits this script and this style, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)};"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _paragraph(line: str) -> str:
    text = html.escape(line.strip())
    if text.startswith(("https://", "http://")) and " " not in text:
        return f'<a href="{text}" rel="noreferrer">{text}</a>'
    return text
