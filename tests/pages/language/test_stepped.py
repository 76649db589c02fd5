"""Long work in small steps: it goes on where it was, and works take turns."""

import threading
from collections.abc import Iterator

from pages.ui.language.stepped import Stepped


def slow(made: list[int]) -> Iterator[int]:
    for number in range(6):
        made.append(number)
        yield number


def test_it_goes_on_where_it_was_and_does_no_more_than_was_asked() -> None:
    made: list[int] = []
    work = Stepped(slow(made), 6)
    assert work.items == [] and made == []
    assert work.advance(0.0, least=2) and work.items == [0, 1] and not work.is_done
    work.advance(0.0, least=2)
    assert made == [0, 1]
    work.advance(60.0)
    assert work.items == [0, 1, 2, 3, 4, 5] and work.is_done
    assert not work.advance(60.0)


def test_it_may_keep_the_last_item_alone() -> None:
    work = Stepped(slow([]), 6, keep=1)
    work.advance(60.0)
    assert work.items == [5] and work.done == 6


def test_a_refusal_ends_it_with_its_sentence() -> None:
    def refuses() -> Iterator[int]:
        yield 1
        raise ValueError("the text is too short")

    work = Stepped(refuses(), 9)
    work.advance(60.0)
    assert work.is_done and work.items == [1] and work.refusal == "the text is too short"


def test_who_comes_while_another_works_is_not_kept_waiting() -> None:
    entered, leave = threading.Event(), threading.Event()

    def blocks() -> Iterator[int]:
        yield 1
        entered.set()
        leave.wait(30)
        yield 2

    work = Stepped(blocks(), 2)
    other = threading.Thread(target=work.advance, args=(0.0, 2))
    other.start()
    assert entered.wait(30)
    assert not work.advance(60.0, least=1)
    leave.set()
    other.join(30)
    assert work.items == [1, 2]


def test_who_has_nothing_to_show_yet_waits_for_the_first_item() -> None:
    entered, leave = threading.Event(), threading.Event()

    def blocks() -> Iterator[int]:
        entered.set()
        leave.wait(30)
        yield 1

    work = Stepped(blocks(), 1)
    threads = [threading.Thread(target=work.advance, args=(0.0, 1)) for _ in range(2)]
    threads[0].start()
    assert entered.wait(30)
    threads[1].start()
    leave.set()
    for thread in threads:
        thread.join(30)
    assert work.items == [1]


def test_works_that_share_a_room_take_turns() -> None:
    entered, leave, room = threading.Event(), threading.Event(), threading.BoundedSemaphore(1)

    def blocks() -> Iterator[int]:
        entered.set()
        leave.wait(30)
        yield 1

    other, work = Stepped(blocks(), 1, room=room), Stepped(slow([]), 6, room=room)
    thread = threading.Thread(target=other.advance, args=(60.0,))
    thread.start()
    assert entered.wait(30)
    assert not work.advance(60.0) and work.items == []
    # What a visitor has to see at least waits for nobody else's work.
    assert work.advance(0.0, least=2) and work.items == [0, 1]
    leave.set()
    thread.join(30)
    assert work.advance(60.0) and work.is_done and other.items == [1]
