"""How canvas components are mounted: one instance per element, which lives as long as the element.

Streamlit calls a component again at every change, and may clean up an outdated call before or after
a newer one. Here those calls are made by hand, on a page without a server.
"""

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pages.ui.canvas import files, pack

SHARED = "".join(files.shared(f"{name}.js") for name in ("common", "mount"))
# A component that writes down what is asked of it, and a host that calls it as Streamlit does.
COMPONENT = """
globalThis.heard = [];
globalThis.lateAfter = 1e6; // ms: never, in most of the tests
const note = (what) => heard.push(what);
const made = {
  make: () => { note("make"); return { timers: { late: 0 } }; },
  receive: (instance, header) => {
    note(`receive ${header.number ?? header.name}`);
    instance.timers.late = setTimeout(() => note("late"), lateAfter);
  },
  connect: (instance, on) => {
    note("connect");
    on(window, "ping", () => note("ping"));
  },
  show: () => note("show"),
  frame: (instance) => {
    note("frame");
    instance.frames = (instance.frames ?? 0) + 1;
    return instance.frames < 3;
  },
  refresh: () => note("refresh"),
  stop: () => note("stop"),
};
const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
globalThis.host = document.body.appendChild(document.createElement("div"));
host.innerHTML = '<div class="cl-root"></div>';
globalThis.call = (data) => mount({ data, parentElement: host, setTriggerValue() {} }, made);
globalThis.instanceOf = () => instances.get(host);
globalThis.wakeIt = () => wake(instanceOf());
globalThis.later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
globalThis.painted = () => new Promise((resolve) => {
  requestAnimationFrame(() => requestAnimationFrame(resolve));
});
globalThis.ping = () => window.dispatchEvent(new CustomEvent("ping"));
globalThis.take = () => heard.splice(0);
"""


def data(header: dict[str, Any]) -> str:
    return base64.b64encode(pack.pack(header, {})).decode()


@pytest.fixture
def page(browser: Browser) -> Any:
    tab = browser.new_page()
    tab.add_script_tag(
        content=f"(() => {{\n{SHARED}\n{COMPONENT}\nglobalThis.bytesOf = bytesOf;\n}})();"
    )
    texts = {f"data{number}": data({"number": number}) for number in (1, 2)}
    tab.evaluate(
        "(texts) => { for (const name in texts) globalThis[name] = bytesOf(texts[name]); }", texts
    )
    yield tab
    tab.close()


def test_a_call_makes_connects_and_shows_and_another_one_goes_on(page: Page) -> None:
    assert page.evaluate("() => { call(data1); return take(); }") == [
        "make", "receive 1", "connect", "show",
    ]  # fmt: skip
    # Another theme: the same data. Then new data.
    assert page.evaluate("() => { call(data1); return take(); }") == ["show"]
    assert page.evaluate("() => { call(data2); return take(); }") == ["receive 2", "show"]
    assert page.evaluate("() => { ping(); return take(); }") == ["ping"]


@pytest.mark.parametrize("is_late", [False, True])
def test_an_outdated_call_that_is_cleaned_up_takes_nothing_with_it(
    page: Page, is_late: bool
) -> None:
    heard = page.evaluate(
        """async (isLate) => {
          const leave = call(data1);
          if (!isLate) leave();
          call(data2);
          if (isLate) leave();
          await later(20);
          take();
          ping();
          return take();
        }""",
        is_late,
    )
    assert heard == ["ping"]


def test_an_element_that_has_gone_is_let_go_with_all_it_has_asked_for(page: Page) -> None:
    heard = page.evaluate(
        """async () => {
          lateAfter = 50;
          const leave = call(data1);
          wakeIt();
          host.remove();
          leave();
          await later(0);
          await later(100);
          ping();
          return take();
        }"""
    )
    assert heard[:4] == ["make", "receive 1", "connect", "show"]
    assert set(heard[4:]) <= {"frame", "refresh", "stop"} and heard[-1] == "stop"
    # It comes back as it was, should the same element come back.
    assert page.evaluate(
        """() => { document.body.append(host); call(data2); ping(); return take(); }"""
    ) == ["receive 2", "connect", "show", "ping"]


def test_frames_go_on_while_something_moves_and_only_one_at_a_time(page: Page) -> None:
    heard = page.evaluate(
        """async () => {
          call(data1);
          take();
          wakeIt();
          wakeIt();
          for (let frame = 0; frame < 5; frame += 1) await painted();
          return take();
        }"""
    )
    assert heard == ["frame"] * 3


def test_a_new_width_asks_for_a_new_drawing_and_a_new_height_does_not(page: Page) -> None:
    heard = page.evaluate(
        """async () => {
          call(data1);
          await painted();
          take();
          host.style.height = "300px";
          await painted();
          const before = take();
          host.style.width = "300px";
          await painted();
          return [before, take()];
        }"""
    )
    assert heard == [[], ["refresh"]]


def test_what_waits_for_a_payload_is_shown_when_it_has_come(page: Page) -> None:
    sent = {
        "waiting": data({"payload": "fields", "number": 3}),
        "ahead": data({"name": "fields", "size": 7}),
    }
    heard = page.evaluate(
        """(sent) => {
          const { waiting, ahead } = JSON.parse(sent);
          call(bytesOf(waiting));
          const before = take();
          globalThis.closedLoopPayloads = new Map([["fields", bytesOf(ahead)]]);
          window.dispatchEvent(new CustomEvent("closedloop:payload"));
          window.dispatchEvent(new CustomEvent("closedloop:payload"));
          return [before, take()];
        }""",
        json.dumps(sent),
    )
    assert heard == [["make"], ["receive 3", "connect", "show"]]
