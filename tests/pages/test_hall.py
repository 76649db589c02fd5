"""The link as a QR code, and the sheets over a page."""

import base64
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import segno

from pages.ui.qr_code import MOST_BYTES, TooLong, qr_code
from tests.pages.visit import open_link

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
LINK = "https://example.org/?temperature=0.7&external_fraction=0.1&seed=7&v=1"


def svg_of(address: str) -> ElementTree.Element:
    head, text = address.split(",", 1)
    assert head.startswith("data:image/svg+xml")
    return ElementTree.fromstring(base64.b64decode(text) if "base64" in head else unquote(text))


def test_a_qr_code_is_dark_on_white_with_a_quiet_zone() -> None:
    picture = svg_of(qr_code(LINK))
    size = segno.make_qr(LINK, error="l").symbol_size(border=4)
    assert float(picture.attrib["width"]) == size[0]
    colours = ElementTree.tostring(picture, "unicode").lower()
    assert "#fff" in colours and "#000" in colours
    assert qr_code(LINK) != qr_code(LINK + "1")


def test_the_longest_link_has_a_code_and_one_byte_more_a_sentence() -> None:
    assert qr_code("x" * MOST_BYTES)
    with pytest.raises(TooLong, match="too long for a QR code"):
        qr_code("x" * (MOST_BYTES + 1))


def shown(**query: str) -> str:
    at = open_link({"projector": "on", **query})
    at.button(key="open_qr_code").click().run()
    assert not at.exception
    told = [e.proto.body for e in at.get("html")]
    told += [e.value for e in (*at.info, *at.warning)]
    return "\n".join(told)


def test_one_press_shows_the_code_of_the_link_that_phones_shall_open() -> None:
    told = shown(temperature="0.7", seed="11")
    (link,) = re.findall(r'class="cl-qr-link">(.*?)</p>', told)
    assert "temperature=0.7" in link and "seed=11" in link and "projector" not in link
    assert qr_code(link.replace("&amp;", "&")) in told


def test_a_link_too_long_for_a_code_says_so() -> None:
    labels = ".".join(f"{i}-a-rather-long-label" for i in range(60))
    weights = "data:" + labels
    told = shown(initial=weights)
    assert ("too long for a QR code" in told) == ('src="data:' not in told)
