"""A link as a QR code, drawn here: no other site learns what is shown. Pure."""

import segno

from pages.ui.wording import count

MOST_BYTES = 1_200  # more make squares too fine for a phone in the last row


class TooLong(ValueError):
    """A link that no phone could read from a wall."""


def qr_code(link: str) -> str:
    """Return the QR code of a link as a ``data:`` address of an SVG picture.

    Raises TooLong where the link has more than `MOST_BYTES` bytes.
    """
    size = len(link.encode())
    if size > MOST_BYTES:
        raise TooLong(
            f"The link is too long for a QR code ({count(size)} bytes, at most"
            f" {count(MOST_BYTES)}): share it as text."
        )
    code = segno.make_qr(link, error="l", boost_error=True)
    return str(code.svg_data_uri(border=4, light="#ffffff", dark="#000000"))
