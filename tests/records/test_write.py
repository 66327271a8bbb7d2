"""Records are written so that comments survive and nothing changes that need not."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ProjectError
from kg.model import (
    Attribution,
    Boilerplate,
    Claim,
    Decision,
    Document,
    Form,
    Illocution,
    Modality,
    Polarity,
    Record,
    Retraction,
    Review,
    Run,
    RunKind,
    Span,
    SpeakerKind,
    Stance,
    parse_when,
)
from kg.project import write_atomically
from kg.records.decode import decode_record
from kg.records.encode import encode_record
from kg.records.fields import Faults
from kg.records.files import parse_yaml, render_yaml
from tests.records.conftest import RECORD

WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff\u2028\u2029\x85"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "")
IDS = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)


@st.composite
def attributions(draw: st.DrawFn, position: int) -> Attribution:
    """Any attribution that decodes without a fault."""
    quotes = tuple(draw(st.lists(WORDS, min_size=1, max_size=3)))
    starts = [draw(st.integers(0, 50)) + 100 * number for number in range(len(quotes))]
    spans = tuple(
        Span(start, start + len(quote)) for start, quote in zip(starts, quotes, strict=False)
    )
    authorial = draw(st.booleans())
    retracted = draw(st.booleans())
    return Attribution(
        id=f"a{position}",
        form=Form.AUTHORIAL if authorial else draw(st.sampled_from([*Form][:6])),
        quotes=quotes,
        spans=spans if draw(st.booleans()) else (),
        speakers=() if authorial else tuple(sorted(draw(st.sets(IDS, min_size=1, max_size=3)))),
        basis=draw(st.just("") | WORDS),
        kind=draw(st.sampled_from(SpeakerKind)),
        mention=draw(st.just("") | WORDS),
        mention_span=Span(1, 4) if draw(st.booleans()) else None,
        role=draw(st.just("") | WORDS),
        cue=draw(st.just("") | WORDS),
        cue_span=Span(5, 9) if draw(st.booleans()) else None,
        illocution=draw(st.sampled_from(Illocution)),
        polarity=draw(st.sampled_from(Polarity)),
        modality=draw(st.sampled_from(Modality)),
        reporter_modality=draw(st.sampled_from(Modality)),
        stance=draw(st.sampled_from(Stance)),
        chain=tuple(draw(st.lists(IDS, max_size=2))),
        claims=(Claim("a", "says", '"b"'),) if draw(st.booleans()) else (),
        confidence=draw(st.none() | st.sampled_from([0.0, 0.5, 1.0])),
        retracted=Retraction("wrong", "2025-04-05") if retracted else None,
        note=draw(st.just("") | WORDS),
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record that decodes without a fault."""
    document = Document(
        sha256=draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
        characters=draw(st.integers(0, 10**6)),
        language=draw(st.sampled_from(["fr", "en", "pt-BR"])),
        title=draw(st.just("") | WORDS),
        outlet=draw(IDS),
        byline=draw(st.just("") | WORDS),
        published=draw(st.sampled_from([None, parse_when("2025"), parse_when("../2025-04")])),
        boilerplate=(Boilerplate(Span(0, 3), "menu"),) if draw(st.booleans()) else (),
    )
    return Record(
        "any",
        document,
        tuple(draw(attributions(number)) for number in range(draw(st.integers(0, 3)))),
        (Run("r", "desk", RunKind.SOFTWARE, "1"),) if draw(st.booleans()) else (),
        (Review("a0", Decision.ACCEPTED, "me", "2025-04-05"),) if draw(st.booleans()) else (),
    )


@settings(deadline=None)
@given(records())
def test_parse_and_render_are_a_fixed_point(record: Record) -> None:
    """Rendering, parsing and rendering again gives the same record and the same bytes."""
    faults = Faults()
    text = render_yaml(encode_record(record))
    back = decode_record(parse_yaml(text.encode()).data, "any", faults)

    assert faults.found == []
    assert back == record
    assert render_yaml(encode_record(back)) == text
    assert render_yaml(encode_record(back), text) == text


def test_writing_what_was_read_changes_no_byte() -> None:
    """Comments, quoting and order of a person's file stand."""
    record = decode_record(parse_yaml(RECORD.encode()).data, "pont", Faults())

    assert render_yaml(encode_record(record), RECORD) == RECORD


def test_a_change_touches_its_own_lines_only() -> None:
    """Setting one place adds one line and leaves the comments."""
    record = decode_record(parse_yaml(RECORD.encode()).data, "pont", Faults())
    first = record.attributions[0]
    changed = Attribution(
        **{name: getattr(first, name) for name in Attribution.__slots__ if name != "spans"},
        spans=(Span(0, 25),),
    )
    whole = Record(record.slug, record.document, (changed, *record.attributions[1:]), record.runs)
    text = render_yaml(encode_record(whole), RECORD)
    added = [line for line in text.splitlines() if line not in RECORD.splitlines()]

    assert added == ["    at: [0, 25]"]
    assert len(text.splitlines()) == len(RECORD.splitlines()) + 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A folder in the way is one error; nothing is left beside it."""
    target = tmp_path / "file"
    target.mkdir()
    (target / "inside").write_text("x")

    with pytest.raises(ProjectError, match="cannot be written"):
        write_atomically(target, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left is an error in one line; the old file stands and no piece of the new one."""
    target = tmp_path / "file"
    target.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError, match="No space left"):
        write_atomically(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
