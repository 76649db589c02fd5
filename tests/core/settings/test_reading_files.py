"""Files as bytes: encodings, line ends, what is no text, and any bytes at all."""

import codecs
import random
import time
from dataclasses import replace
from typing import Any

import pytest

from closedloop_core.settings.reading import ENCODINGS, Reading, decode, read

TEXT = "naïve;5\nцвет;3\n数据;2\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32-le"),
    ],
)
def test_unicode_is_recognised(data: Any, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.question) == (TEXT, encoding, None)
    assert bool(decoded.note) == (encoding != "utf-8")
    assert decode(data, decoded.encoding).text == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "naïve,5\ncafé,3",
        "Größe;5\nMäuse;3\n",
        "élève;5\nà;3\nœuvre;2",
        "niño;50\naño;20",
        "São Paulo;5\nÉvora;3",
        "smörgås;5\nåsa;4\nö;3",
        "æble;3\nøl;5\nål;2",
        "“quoted” – dash, €5 naïve",
        "Le garçon était très fatigué après la fête, où il avait mangé des gâteaux. " * 3,
        "El niño pequeño cantó una canción en el jardín. ¿Dónde está el señor? " * 3,
        "A situação não é fácil, mas a população está à espera de soluções. " * 3,
        "Der alte Mann ging über die Straße, während die Vögel in den Bäumen sangen. " * 3,
    ],
)
def test_windows_1252_is_detected_and_said(text: Any) -> None:
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "windows-1252")
    assert decoded.note.startswith("Read as Windows-1252 (Western European): “")
    assert decoded.question is None


@pytest.mark.parametrize("name", ["latin-1", "Windows-1252", "cp1252", "ISO-8859-1"])
def test_a_declared_encoding_is_honoured(name: str) -> None:
    assert decode("Größe;5".encode("cp1252"), name).text == "Größe;5"
    assert decode("цвет;5".encode("cp1251"), "windows-1251").text == "цвет;5"
    assert decode("Größe;5".encode(), name).text == "GrÃ¶ÃŸe;5"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", "Старик шёл по улице, а птицы пели на деревьях, и дверь была закрыта. "),
        ("koi8-r", "Старик шёл по улице, а птицы пели на деревьях, и дверь была закрыта. "),
        ("gb18030", "老人走在街上，鸟儿在树上唱歌。后来他想回家，但是门关着，没有人回答。"),
        (
            "shift_jis",
            "老人は通りを歩いていて、鳥は木の上で歌っていました。ドアは閉まっていました。",
        ),
    ],
)
def test_prose_in_another_encoding_is_detected_and_said(encoding: str, text: str) -> None:
    decoded = decode((text * 3).encode(encoding))
    assert (decoded.text, decoded.encoding) == (text * 3, encoding)
    assert decoded.note.startswith(f"Read as {ENCODINGS[encoding]}: “")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("windows-1251", "цвет;3\nданные;2"),
        ("windows-1250", "żółć;3\nłąka;5"),
        ("windows-1253", "κόκκινο;5\nμπλε;3"),
        ("windows-1255", "אדום;5\nכחול;3"),
        ("gb18030", "数据;2\n颜色;5"),
    ],
)
def test_an_encoding_that_few_letters_do_not_tell_is_asked(encoding: str, text: str) -> None:
    found = read(text.encode(encoding), "list.csv")
    (question,) = found.questions
    assert question.field == "encoding" and not found.labels
    (choice,) = [choice for choice in question.choices if choice.value == encoding]
    assert f"“{text.split(';')[0]}”" in choice.words
    answered = read(text.encode(encoding), "list.csv", replace(found.reading, encoding=encoding))
    assert set(answered.labels) == {line.split(";")[0] for line in text.split("\n")}


def test_what_was_not_utf_8_is_said_with_the_list() -> None:
    found = read("Größe;5\nMäuse;3".encode("cp1252"), "list.csv")
    assert found.labels == ("Größe", "Mäuse") and found.reading.encoding == "windows-1252"
    assert found.notes == ("Read as Windows-1252 (Western European): “Größe”, “Mäuse”.",)


def test_damaged_utf_8_is_read_and_said() -> None:
    data = ("цвет и слово " * 20).encode()[:-2]
    for encoding in ("auto", "utf-8"):
        decoded = decode(data, encoding)
        assert decoded.text.startswith("цвет и слово") and decoded.encoding == "utf-8"
        assert decoded.note == "Read as UTF-8; 1 byte that cannot be read became \ufffd."


def test_every_line_end_becomes_one() -> None:
    assert decode(b"a\r\nb\rc\nd").text == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a file must not be empty, got no text"),
        (b" \n\t ", "a file must not be empty"),
        (codecs.BOM_UTF8, "a file must not be empty"),
        (codecs.BOM_UTF16_LE, "a file must not be empty"),
        (b"a" * 5_000_001, "a file may hold at most 5 MB, got 5.000001 MB"),
        (b"\xff" * 6_000_000, "a file may hold at most 5 MB, got 6 MB"),
        (b"red,5\nblue\0,3", "a file must be text, got a zero byte at character 11"),
        (b"PK\x03\x04 whatever", "a spreadsheet, document or archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (bytes(range(1, 32)) * 20, "control characters"),
        (
            codecs.BOM_UTF16_LE + b"abc",
            "a file read as UTF-16 (little-endian) must be so throughout",
        ),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        decode(data)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "klingon", "rot13", "zlib", "a" * 500, "utf\0"])
def test_an_unknown_encoding_is_refused(name: Any) -> None:
    with pytest.raises(ValueError, match="encoding must be one of utf-8") as caught:
        decode(b"abc", name)
    assert "\n" not in str(caught.value)


def test_five_megabytes_are_accepted() -> None:
    assert len(decode(b"ab" * 2_500_000).text) == 5_000_000


FORMS = (".csv", ".txt", ".json", ".tsv", "")
PIECES = (b"red", b",", b";", b"\t", b"5", b"1.234", b"\n", b'"', b" ", b"\r", b"#", b"\xff", b"\0")


def any_bytes(rng: Any) -> Any:
    """Return bytes of some kind: noise, text with noise, pieces of lists."""
    size = rng.randrange(0, 400)
    kind = rng.randrange(4)
    if kind == 0:
        return rng.randbytes(size)
    if kind == 1:
        return bytes(rng.randrange(32, 256) for _ in range(size))
    if kind == 2:
        return b"".join(rng.choice(PIECES[: rng.randrange(3, 14)]) for _ in range(size))
    return "".join(chr(rng.randrange(0xD7FF)) for _ in range(size)).encode(
        rng.choice(("utf-8", "utf-16", "utf-16-le", "utf-32"))
    )


def test_any_bytes_are_a_result_or_one_sentence() -> None:
    rng = random.Random(13)
    n_read = 0
    for _ in range(300):
        data = any_bytes(rng)
        name = "file" + rng.choice(FORMS)
        reading = Reading(
            kind=rng.choice(("auto", "auto", "text", "list")),
            unit=rng.choice(("words", "characters", "lines")),
            decimal=rng.choice(("auto", ".", ",")),
            drop_common=rng.choice((None, "en")),
        )
        start = time.process_time()
        try:
            found = read(data, name, reading)
        except ValueError as error:
            assert len(str(error)) < 500 and len(str(error).splitlines()) == 1, (data, error)
        else:
            n_read += 1
            assert len(found.sentence) < 600 and len(found.sentence.splitlines()) == 1
            for question in found.questions:
                words = question.refusal()
                assert len(words) < 1500 and len(words.splitlines()) == 1
        assert time.process_time() - start < 2, data
    assert 60 < n_read < 300  # both happen, often
