"""Own data: what was understood is said before anything is replaced, and guesses can be changed."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from closedloop_core import Law, LoopParams
from pages.ui.canvas.pack import unpack
from pages.ui.session.settings import Settings
from tests.pages.visit import open_page, open_shut

# AppTest has no browser: the components' cached functions run without a session of their own.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

MANY = "word,count\n" + "\n".join(f"w{i},{20_000 - i}" for i in range(1, 10_002))


def opened(**query: str) -> AppTest:
    """Open the playground with the drawer "Your words" open."""
    return open_shut("app.py", ("drawer_words",), **query)


def upload(at: AppTest, data: bytes | str, name: str = "a.csv") -> AppTest:
    data = data.encode() if isinstance(data, str) else data
    at.file_uploader(key="words_upload").upload(name, data).run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """Return the sentence of what was understood, or of why not."""
    shown = [m.value for m in at.markdown if m.value.startswith("**Understood")]
    shown += [e.value for e in at.error]
    assert len(shown) == 1
    return shown[0].replace("\\", "")


def law(at: AppTest) -> Law:
    settings: Settings = at.session_state["settings"]
    return settings.params.initial


def use(at: AppTest) -> AppTest:
    at.button(key="words_use").click().run()
    assert not at.exception
    return at


def choose(at: AppTest, option: str, value: Any) -> AppTest:
    if not at.toggle(key="words_differently").value:
        at.toggle(key="words_differently").set_value(True).run()
    at.selectbox(key=f"words_{option}").select(value).run()
    assert not at.exception
    return at


def header(at: AppTest, name: str = "player") -> dict[str, Any]:
    (found,) = (
        element
        for element in at.get("bidi_component")
        if element.proto.component_name == f"closedloop_{name}"
    )
    return unpack(found.proto.bytes)[0]


def test_the_button_stands_on_the_page_and_its_drawer_is_filled_when_it_opens() -> None:
    at = open_shut("app.py")
    labels = [block.proto.popover.label for block in at.get("popover")]
    assert not [area for area in at.text_area if area.key == "words_pasted"]
    assert "Your words" in labels
    assert opened().text_area(key="words_pasted").label == "Paste a text or a list"


def test_nothing_is_replaced_before_the_button_is_pressed() -> None:
    at = upload(opened(), "Wort;Anteil\nrot;50,5\nblau;30,25\ngelb;19,25")
    assert law(at) == LoopParams().initial
    assert said(at) == (
        "**Understood:** a.csv: Counted list, semicolons, decimal comma, heading “Wort;Anteil”:"
        " 3 labels, total 100: rot 50.5, blau 30.25, gelb 19.25."
    )
    use(at)
    assert law(at) == Law.from_weights([50.5, 30.25, 19.25], ["rot", "blau", "gelb"])
    assert not [b for b in at.button if b.key == "words_use"]


def test_pasted_text_is_read_as_a_file_is() -> None:
    at = opened()
    at.text_area(key="words_pasted").input("red 5000\nblue 300").run()
    assert "Counted list, spaces: 2 labels, total 5,300: red 5,000, blue 300" in said(at)
    use(at)
    assert law(at) == Law.from_weights([5000, 300], ["red", "blue"])
    again, complaints = Settings.from_query(dict(at.query_params))
    assert again.params.initial == law(at) and not complaints


def test_a_pasted_text_may_be_longer_than_any_field_used_to_take() -> None:
    at = opened()
    at.text_area(key="words_pasted").input("one two two " * 30_000).run()
    assert "90,000 words, 2 different" in said(at)


def test_a_new_source_waits_at_generation_0_and_a_scene_plays() -> None:
    at = use(upload(opened(), "a,2\nb,1"))
    assert header(at)["waits"] is True
    before = header(at)["restart"]
    at.button(key="new_seed").click().run()
    assert header(at)["restart"] == before + 1
    assert header(at)["waits"] is False


@pytest.mark.parametrize(
    ("answer", "weights"), [(0, [999, 12.345, 1.234]), (1, [12_345, 1_234, 999])]
)
def test_what_cannot_be_decided_is_asked(answer: int, weights: list[float]) -> None:
    at = upload(opened(), "rot;12.345\nblau;1.234\ngelb;999")
    assert "still open: decimal" in said(at)
    assert at.button(key="words_use").disabled
    asked = at.radio(key="words_answer_decimal")
    assert "could be 12.345 or 12345" in asked.label.replace("\\", "")
    asked.set_value(answer).run()
    assert not at.button(key="words_use").disabled
    use(at)
    assert [round(w, 9) for w in law(at).to_dict()["weights"]] == weights


def test_two_questions_are_answered_one_after_the_other() -> None:
    at = upload(opened(), "red;72;w;2\nblue;70;m;2")
    at.radio(key="words_answer_label_column").set_value(0).run()
    at.radio(key="words_answer_count_column").set_value(0).run()
    use(at)
    assert law(at) == Law.from_weights([72, 70], ["red", "blue"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("freq.csv", "word,freq\nred,5\nblue,3"),
        ("abundance.csv", "species,abundance\nred,5\nblue,3"),
        ("polish.csv", "Kolor,Liczba\nred,5\nblue,3"),
        ("index.csv", ",word,count\n0,red,5\n1,blue,3"),
        ("space.csv", "red 5\nblue 3"),
        ("list.tsv", "label\tcount\nred\t5\nblue\t3"),
        ("list.tab", "label\tcount\nred\t5\nblue\t3"),
        ("list.txt", "red 5\nblue 3"),
        ("list.json", '{"red": 5, "blue": 3}'),
        ("list", "sep=;\nred;5;\nblue;3;"),
    ],
)
def test_lists_of_every_form_become_the_source(name: str, text: str) -> None:
    at = use(upload(opened(), text, name))
    assert law(at) == Law.from_weights([5, 3], ["red", "blue"])
    assert not at.warning and not at.error


def test_how_many_are_kept_acts_at_once_for_a_text() -> None:
    at = upload(opened(), "one one one one two two two three three four", "text.txt")
    at.text_input(key="words_keep").set_value("3").run()
    assert "the 3 most frequent kept" in said(at)
    use(at)
    assert law(at).labels == ("one", "two", "three")
    at.text_input(key="words_keep").set_value("2").run()
    assert law(at).labels == ("one", "two")
    assert header(at)["waits"] is True


def test_of_more_than_ten_thousand_labels_the_most_frequent_are_kept_and_it_is_said() -> None:
    at = upload(opened(), MANY)
    assert "10,001 labels" in said(at) and "the 10,000 most frequent kept" in said(at)
    at.text_input(key="words_keep").set_value("30").run()
    assert "the 30 most frequent kept" in said(at)
    use(at)
    assert law(at).labels == tuple(f"w{i}" for i in range(1, 31))
    assert 0.99 < law(at).dropped_share < 1
    at.text_input(key="words_keep").set_value("20").run()
    assert law(at).n == 20


def test_every_guess_can_be_changed() -> None:
    at = upload(opened(), "a;1,5\nb;2,5\nb;1", "list.txt")
    assert "Counted list, semicolons, decimal comma" in said(at)
    assert "separator" not in said(at)
    choose(at, "kind", "text")
    assert "Text, words" in said(at)
    choose(at, "unit", "characters")
    assert "Text, characters" in said(at)
    choose(at, "unit", "lines")
    assert "Text, lines: 3 lines" in said(at)
    choose(at, "kind", "list")
    choose(at, "heading", "yes")
    assert "heading “a;1,5”" in said(at) or "at least 2" in said(at)
    choose(at, "heading", "auto")
    choose(at, "count_column", 0)
    assert "a 1" in said(at)
    choose(at, "separator", ",")
    assert "commas" in said(at) or "must" in said(at)


def test_common_words_are_left_out_only_where_that_is_chosen() -> None:
    at = upload(opened(), "the cat and the dog and the bird " * 3, "text.txt")
    assert use(at) and law(at).labels is not None and law(at).labels[0] == "the"
    choose(at, "drop_common", "en")
    assert set(law(at).labels or ()) == {"cat", "dog", "bird"}
    assert "English words left out" in said(at)


def test_a_change_of_form_after_use_waits_for_the_button() -> None:
    at = use(upload(opened(), "a;1\nb;2", "list.txt"))
    used = law(at)
    choose(at, "kind", "text")
    assert law(at) == used
    assert use(at) and law(at).labels == ("a", "b") and law(at) != used


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"\x00\x01\x02\x03" * 9, "must be text"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 40, "save it as CSV"),
        ("a.txt", b"   ", "empty"),
        ("a.csv", b"a,1\nb,-2", "count"),
        ("a.csv", b"a,1\nb,many\nc,3", "count"),
        ("a.txt", b"word " * 1_000_001, "5 MB"),
        ("a.json", b"{", "JSON"),
        ("a.json", b'{"format": "closedloop", "version": 1, "temperature": "x"}', "temperature"),
        ("a.txt", b"1234 !!!", "at least 2"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_at_the_field(
    name: str, data: bytes, words: str
) -> None:
    at = upload(opened(), data, name)
    assert law(at) == LoopParams().initial
    assert words in said(at) and said(at).endswith("Nothing was replaced.")
    assert not at.warning
    assert not [b for b in at.button if b.key == "words_use"]


def test_a_refused_file_leaves_what_is_in_use() -> None:
    at = use(upload(opened(), "a,2\nb,1"))
    used = law(at)
    upload(at, b"   ", "b.txt")
    assert law(at) == used and "empty" in said(at)


def test_a_settings_file_is_understood_first_too() -> None:
    params = LoopParams(initial=Law.from_csv("a,2\nb,1"), temperature=0.4)
    at = upload(opened(), json.dumps(params.to_dict()), "closed-loop-settings.json")
    assert "Settings saved by this dashboard" in said(at)
    assert at.session_state["settings"].params == LoopParams()
    use(at)
    assert at.session_state["settings"].params == params


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_files_of_other_encodings_are_read(encoding: str) -> None:
    data = "naïve;5\nцвет;3\n数据;2".encode(encoding)
    assert law(use(upload(opened(), data))).labels == ("naïve", "цвет", "数据")


def test_labels_are_shown_as_text() -> None:
    at = upload(opened(), "<b>x</b>,3\n$y$,2\n=1+1,1")
    assert "\\<b\\>" in at.markdown[2].value or "\\<b\\>" in " ".join(m.value for m in at.markdown)
    assert law(use(at)).labels == ("<b>x</b>", "$y$", "=1+1")


def test_the_same_box_is_in_the_fold() -> None:
    at = open_page()
    at.selectbox(key="source_kind").select("data").run()
    at.text_area(key="more_pasted").input("the cat and the dog and the <b>bird</b>").run()
    at.button(key="more_use").click().run()
    assert law(at).labels is not None and law(at).labels[0] == "the"


def test_what_was_brought_stays_in_its_visit() -> None:
    upload(opened(), "secret,5\nhidden,3")
    other = opened()
    assert not other.error and not [m for m in other.markdown if "Understood" in m.value]
