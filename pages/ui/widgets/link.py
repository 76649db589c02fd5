"""The address of what is on screen."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from pages.ui.session.settings import Settings


def address(now: Settings) -> str:
    """Return the link in full, or only its query where the address is not known."""
    here = urlsplit(st.context.url or "")
    path = here.path or ("/" if here.netloc else "")
    return urlunsplit(here._replace(path=path, query=urlencode(now.to_query()), fragment=""))
