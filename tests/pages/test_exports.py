"""Saved tables open right in a spreadsheet, by their bytes."""

import csv
import io
from typing import Any

import pytest
import streamlit as st

from closedloop_core import Law, LoopParams, simulate
from closedloop_core.settings.reading import decode, read
from pages.ui.exports import file_bytes, table_csv
from pages.ui.playground.run import run_csv
from pages.ui.widgets.save import save_button

LABELS = ["naïve", "цвет", "数据"]


def test_a_csv_begins_with_a_byte_order_mark_and_nothing_else_does() -> None:
    law = Law.from_weights([5, 3, 2], LABELS)
    data = file_bytes(run_csv(simulate(LoopParams(initial=law, generations=3))), "csv")
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\xef\xbb\xbf") == 1
    heading = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert heading[-3:] == LABELS
    assert file_bytes("{}", "json") == b"{}"


def test_the_button_saves_those_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: dict[str, Any] = {}
    monkeypatch.setattr(st, "download_button", lambda *_, **options: saved.update(options))
    save_button("Table", lambda: table_csv([["label", "count"], ["naïve", 5]]), "t.csv", "key")
    assert saved["data"]() == "\ufefflabel,count\nnaïve,5\n".encode()
    save_button("Page", lambda: "<p>", "t.html", "key")
    assert saved["data"]() == b"<p>"


def test_a_saved_table_of_counts_is_read_back() -> None:
    data = file_bytes(table_csv([["label", "count"], ["naïve", 5], ["=x", 3]]), "csv")
    assert decode(data).text.startswith("label,count")
    assert read(data, "t.csv").labels == ("naïve", "'=x")
