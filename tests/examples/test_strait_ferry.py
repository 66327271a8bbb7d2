"""The example collection: it loads without a finding and every quote stands in its text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.model import (
    UNIDENTIFIED,
    Attribution,
    Collection,
    ConflictKind,
    Form,
    Illocution,
    Judgement,
    Modality,
    Polarity,
    Record,
    Relation,
    SpeakerKind,
    Stance,
)
from kg.project import find_project
from kg.records.load import Loaded, load_collection

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "strait-ferry"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_collection(find_project(FOLDER))


@pytest.fixture(scope="module")
def collection(loaded: Loaded) -> Collection:
    return loaded.collection


def _records(collection: Collection) -> dict[str, Record]:
    return {record.slug: record for record in collection.records}


def _all(collection: Collection) -> dict[str, Attribution]:
    return {
        f"{record.slug}#{item.id}": item
        for record in collection.records
        for item in record.attributions
    }


def _text(record: Record) -> bytes:
    return (FOLDER / "texts" / f"{record.slug}.txt").read_bytes()


def test_the_collection_loads_without_a_finding(loaded: Loaded) -> None:
    assert [str(finding) for finding in loaded.findings] == []
    assert len(loaded.collection.records) == 8


def test_every_text_has_a_record_of_its_exact_bytes(collection: Collection) -> None:
    texts = {path.stem for path in (FOLDER / "texts").glob("*.txt")}
    assert texts == set(_records(collection))
    for record in collection.records:
        raw = _text(record)
        assert hashlib.sha256(raw).hexdigest() == record.document.sha256
        assert len(raw.decode("utf-8")) == record.document.characters


def test_every_quote_cue_and_mention_stands_at_its_place(collection: Collection) -> None:
    for record in collection.records:
        text = _text(record).decode("utf-8")
        for item in record.attributions:
            here = f"{record.slug}#{item.id}"
            assert tuple(text[a:b] for a, b in item.spans) == item.quotes, here
            for words, span in ((item.cue, item.cue_span), (item.mention, item.mention_span)):
                assert bool(words) == (span is not None), here
                if span:
                    assert text[span.start : span.end] == words, here
            assert item.role in text, here
            assert item.prefix == text[item.spans[0].start - len(item.prefix) : item.spans[0].start]
            assert text[item.spans[-1].end :].startswith(item.suffix), here


def test_a_direct_quote_stands_in_marks_and_an_unmarked_one_does_not(
    collection: Collection,
) -> None:
    for record in collection.records:
        text = _text(record).decode("utf-8")
        for item in record.attributions:
            for start, end in item.spans:
                before = text[max(0, start - 2) : start].strip()[-1:]
                if item.form is Form.DIRECT:
                    near = text[max(0, start - 2) : start] + text[end : end + 2]
                    assert set(near) & set('«»“”"'), f"{record.slug}#{item.id}"
                elif item.form is Form.UNMARKED_DIRECT:
                    assert before not in {"«", "“", '"'}, f"{record.slug}#{item.id}"


def test_every_form_and_every_kind_of_speaker_is_there(collection: Collection) -> None:
    items = _all(collection).values()
    assert {item.form for item in items} == set(Form)
    assert {item.kind for item in items} == set(SpeakerKind)
    assert {item.stance for item in items} == set(Stance)
    assert {item.illocution for item in items} == set(Illocution)


def test_each_article_without_quotation_marks_has_only_unmarked_speech(
    collection: Collection,
) -> None:
    tideway = _records(collection)["tideway-quayside"]
    assert not set(_text(tideway).decode("utf-8")) & set('«»“”"')
    assert Form.DIRECT not in {item.form for item in tideway.attributions}


def test_one_utterance_has_several_wordings(collection: Collection) -> None:
    wordings = {
        item.quotes
        for item in _all(collection).values()
        if item.utterance == "corvandre-first-service"
    }
    assert len(wordings) >= 5


def test_a_relay_of_two_steps_leads_to_the_agency(collection: Collection) -> None:
    chains = {name: item.chain for name, item in _all(collection).items() if len(item.chain) == 2}
    assert chains == {
        "courier-fifty-minutes#a4": ("ledger-ferry-deal#a2", "orvapress-dispatch-2024-05-14")
    }


def test_the_communique_is_credited_by_one_text_of_three(collection: Collection) -> None:
    claim = "ferry-line renews shared-life"
    carriers = {
        name: item.chain
        for name, item in _all(collection).items()
        if claim in {c.line for c in item.claims}
    }
    assert len(carriers) == 3
    assert [bool(chain) for _, chain in sorted(carriers.items())] == [False, True, False]


def test_the_opening_date_loses_its_speaker(collection: Collection) -> None:
    line = 'ferry-line opensOn "2024-09-01"'
    forms = {
        name.partition("#")[0]: item.form
        for name, item in _all(collection).items()
        if line in {c.line for c in item.claims} and item.polarity is Polarity.AFFIRMED
    }
    assert forms["fanal-accord"] is Form.INDIRECT
    assert forms["cabotier-deux-rives"] is forms["courier-fifty-minutes"] is Form.AUTHORIAL


def test_conflicts_of_every_needed_kind_are_judged(collection: Collection) -> None:
    kinds = {
        item.conflict
        for item in collection.alignments
        if item.relation is Relation.CONTRADICTS and item.judgement is Judgement.POSITIVE
    }
    assert {
        ConflictKind.DATE,
        ConflictKind.NUMBER,
        ConflictKind.POLARITY,
        ConflictKind.SUPERSEDED,
    } <= kinds


def test_hearsay_and_the_conditional_stay_the_reporters(collection: Collection) -> None:
    modalities = {item.reporter_modality for item in _all(collection).values()}
    assert {Modality.HEARSAY, Modality.CONDITIONAL, Modality.CERTAIN} <= modalities


def test_a_text_of_an_unidentified_outlet_claims_no_date(collection: Collection) -> None:
    document = _records(collection)["nouvelle-ligne"].document
    assert document.outlet == UNIDENTIFIED
    assert document.published is None


def test_no_person_is_said_to_have_reviewed_anything(collection: Collection) -> None:
    for record in collection.records:
        assert record.reviews == ()
        assert {run.agent for run in record.runs} == {"claim-provenance reading desk"}
        assert {item.run for item in record.attributions} == {"reading"}
