"""Checks of the JavaScript: see `check`."""
