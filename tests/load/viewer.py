"""One viewer: a session of its own that speaks Streamlit's protocol over a WebSocket.

It does what the browser does: with each request it sends the state of every widget, and which
large elements it still has (the server then names them instead of sending them).
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from pages.ui.canvas.pack import unpack
from tests.load.pages import Watched, dial_values, link

PATIENCE = 60.0  # seconds for an answer; what takes longer is an error
_KEPT_RUNS = 2  # runs for which the browser keeps an element that is not drawn any more


class ServerError(RuntimeError):
    """The script has raised."""


TROUBLE = (ServerError, TimeoutError, OSError, WebSocketException)  # what may happen to a viewer


@dataclass
class _Drawn:
    """An element on the page: its name, that of the fragment it is in, and its widget's."""

    name: str
    fragment: str
    age: int = 0  # runs that could have drawn it, and did not


class Viewer:
    """A visitor of one page: `open` it, `change` something as often as you like, and `leave`."""

    def __init__(self, address: str, page: Watched, seed: int) -> None:
        self.received = 0  # bytes
        self.is_open = False
        self._page, self._chance = page, random.Random(seed)
        self._address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self._states: dict[str, WidgetState] = {}
        self._ids: dict[str, str] = {}  # of the widgets, by key
        self._fragments: dict[str, str] = {}  # that the widgets are in
        self._dials: dict[str, Any] = {}  # the header they were sent last
        self._clocks: dict[str, float] = {}  # seconds from one run of a fragment to its next
        self._kept: dict[str, _Drawn] = {}  # by hash
        self._query, self._script, self._changes = link(seed), "", 0

    async def open(self) -> float:
        """Load the page; return the seconds until it is whole."""
        start = time.perf_counter()
        self._socket: ClientConnection = await connect(
            self._address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
        )
        await self._ask()
        if "code_painted" in self._ids:
            id = f"$$STREAMLIT_INTERNAL_KEY_{self._ids['code_painted']}__events"
            events = [{"event": "painted", "value": True}]
            await self._ask(WidgetState(id=id, json_trigger_value=json.dumps(events)))
        if self._page.drawer is not None:
            await self._ask(WidgetState(id=self._ids[self._page.drawer], bool_value=True))
        self.is_open = True
        return time.perf_counter() - start

    async def leave(self) -> None:
        """Close the tab."""
        await self._socket.close()

    async def change(self) -> tuple[float, float]:
        """Turn a dial; return the seconds until its answer was there, and until all was done.

        Where the page has none it is drawn again, as for one who comes back to it.
        """
        self._changes += 1
        if self._dials:
            values = dial_values(self._dials, self._changes, self._chance)
            state = WidgetState(id=self._ids["dials"], json_value=json.dumps({"values": values}))
        elif "slider" in self._ids:
            state = WidgetState(id=self._ids["slider"])
            state.double_array_value.data.append(float(self._chance.randrange(1_000)))
        else:
            state = None
        answered, done = await self._ask(state)
        if answered < 0:
            raise ServerError(f"the page {self._page.name} drew no {self._page.answer}")
        return answered, done

    async def look_on(self, seconds: float) -> None:
        """Wait so long; what comes again by itself does so meanwhile."""
        begun = time.perf_counter()
        end, seen = begun + seconds, dict[str, float]()
        while True:
            due = {one: seen.get(one, begun) + pause for one, pause in self._clocks.items()}
            if not due or min(due.values()) > end:
                break
            fragment = min(due, key=due.__getitem__)
            await asyncio.sleep(due[fragment] - time.perf_counter())
            await self._ask(clock=fragment)
            seen[fragment] = time.perf_counter()
        await asyncio.sleep(end - time.perf_counter())

    async def _ask(self, state: WidgetState | None = None, clock: str = "") -> tuple[float, float]:
        """Send the state of one widget, or none, and wait until the page has answered.

        ``clock`` is the fragment whose time has come, if that is why.
        """
        message = BackMsg()
        asked = message.rerun_script
        asked.fragment_id, asked.is_auto_rerun = clock, bool(clock)
        if state is not None:
            is_trigger = state.WhichOneof("value") == "json_trigger_value"
            widget = state.id.removeprefix("$$STREAMLIT_INTERNAL_KEY_").removesuffix("__events")
            asked.fragment_id = self._fragments.get(widget, "")
            asked.widget_states.widgets.append(state)
            if not is_trigger:
                self._states.pop(state.id, None)
        asked.widget_states.widgets.extend(self._states.values())
        if state is not None and not is_trigger:
            self._states[state.id] = state
        asked.query_string, asked.page_script_hash = self._query, self._script
        asked.page_name = "" if self._script else self._page.address
        asked.cached_message_hashes.extend(self._kept)
        start = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            answered = await self._hear()
        return answered - start, time.perf_counter() - start

    async def _hear(self) -> float:
        """Take messages until a run ends by itself; return when the answer to a dial came, or 0."""
        answered = 0.0
        run: list[str] = []
        while True:
            data = await self._socket.recv(decode=False)
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._script = message.new_session.page_script_hash
                run = list(message.metadata.run.fragment_ids)
                if not run:
                    self._clocks.clear()
            elif kind == "auto_rerun":
                self._clocks[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._clocks.pop(fragment, None)
            elif kind == "navigation":  # which of the pages it is; a session begins with the first
                self._script = message.navigation.page_script_hash
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta" and self._draw(message) == self._page.answer:
                answered = answered or time.perf_counter()
            elif kind == "ref_hash":
                same = self._kept[message.ref_hash]
                same.age = -1
                if same.name == self._page.answer:  # the dial stands where it stood
                    answered = answered or time.perf_counter()
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise ServerError("the script does not compile")
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    self._forget(run)
                    return answered

    def _draw(self, message: ForwardMsg) -> str:
        """Take note of what an element or block says of its widget; return its name."""
        delta: Delta = message.delta
        is_block = delta.WhichOneof("type") == "add_block"
        drawn: Any = delta.add_block if is_block else delta.new_element
        kind: str = drawn.WhichOneof("type") or ""
        content = getattr(drawn, kind) if kind else None
        if kind == "exception":
            raise ServerError(f"{content.type}: {content.message}"[:200])
        name = kind
        if kind == "bidi_component":
            name = content.component_name.removeprefix("closedloop_")
            if name == "dials":
                self._dials = unpack(content.bytes)[0]
        widget = getattr(content, "id", "")
        if widget:
            key = widget.split("-", 2)[-1]
            self._ids[kind if key == "None" else key] = widget
            self._fragments[widget] = delta.fragment_id
        if message.metadata.cacheable:
            self._kept[message.hash] = _Drawn(name, delta.fragment_id, age=-1)
        return name

    def _forget(self, fragments: list[str]) -> None:
        """Let go of large elements as the browser does, after a run of these fragments or all."""
        for hash, drawn in [*self._kept.items()]:
            if not fragments or drawn.fragment in fragments or drawn.age < 0:
                drawn.age += 1
            if drawn.age >= _KEPT_RUNS:
                del self._kept[hash]
