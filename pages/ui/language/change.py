"""What the page "Language" shows, and how its controls change it."""

from typing import Any

from pages.ui.session import settings
from pages.ui.session.settings import Settings
from pages.ui.session.text_settings import TextSettings


def text_of(now: Settings) -> TextSettings:
    """Return what this page shows."""
    return now.text or TextSettings.default()


def current() -> TextSettings:
    """Return what this page shows now."""
    return text_of(settings.current())


def change(
    *, final: bool = True, from_dial: bool = False, restart: bool = False, **changes: Any
) -> None:
    """Change the run of this page; a refused value leaves everything as it was, and is said."""
    try:
        changed = current().replace(**changes)
    except ValueError as error:
        settings.refuse(f"{error}; nothing was changed.")
        return
    settings.change(text=changed, final=final, from_dial=from_dial, restart=restart)
