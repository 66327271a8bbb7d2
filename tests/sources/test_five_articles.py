"""The shipped records of the five articles: sound, verbatim, and what the articles demand."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.model import (
    UNIDENTIFIED,
    Attribution,
    Claim,
    Collection,
    Form,
    Illocution,
    Judgement,
    Modality,
    Polarity,
    Record,
    Relation,
    Span,
    SpeakerKind,
)
from kg.project import find_project
from kg.records.load import Loaded, load_collection
from kg.records.verify import is_marked

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT.parent / "shared" / "articles"
BAMADA = "000-bamada-consultations"
RFI_RELAY = "001-rfi-visite-moscou"
REVEIL = "002-reveil-partenariat"
MOSCOW = "003-moscou-lavrov-aes"
UNMARKED = "004-partenariat-multidimensionnel"
SLUGS = (BAMADA, RFI_RELAY, REVEIL, MOSCOW, UNMARKED)
READING_DESK = "claim-provenance reading desk"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_collection(find_project(ROOT))


@pytest.fixture(scope="module")
def collection(loaded: Loaded) -> Collection:
    return loaded.collection


@pytest.fixture(scope="module")
def texts(collection: Collection) -> dict[str, str]:
    found = {}
    for path in sorted(TEXTS.glob("*.txt")) if TEXTS.is_dir() else ():
        raw = path.read_bytes()
        found[hashlib.sha256(raw).hexdigest()] = raw.decode("utf-8")
    by_slug = {record.slug: found.get(record.document.sha256, "") for record in collection.records}
    if not all(by_slug.values()):
        pytest.skip("the five article texts are not beside the project; their quotes go unseen")
    return by_slug


def _record(collection: Collection, slug: str) -> Record:
    return next(record for record in collection.records if record.slug == slug)


def _items(collection: Collection) -> Iterator[tuple[str, Attribution]]:
    for record in collection.records:
        for item in record.attributions:
            yield record.slug, item


def _carriers(collection: Collection, line: str) -> list[tuple[str, Attribution]]:
    return [
        (slug, item)
        for slug, item in _items(collection)
        if line in {claim.line for claim in item.claims}
    ]


def _claims(collection: Collection) -> Iterator[Claim]:
    for _, item in _items(collection):
        yield from item.claims


def _named(claim: Claim) -> set[str]:
    return {claim.subject, claim.object, *(qualifier.value for qualifier in claim.qualifiers)}


def _one(collection: Collection, slug: str, words: str, *speakers: str) -> Attribution:
    found = [
        item
        for item in _record(collection, slug).attributions
        if words in " … ".join(item.quotes) and (not speakers or item.speakers == speakers)
    ]
    assert len(found) == 1, [item.id for item in found]
    return found[0]


def _covered(spans: Iterator[Span]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


# --- soundness


def test_the_records_load_without_a_finding(loaded: Loaded) -> None:
    assert [str(finding) for finding in loaded.findings] == []
    assert tuple(record.slug for record in loaded.collection.records) == SLUGS


def test_every_attribution_says_who_made_it_and_nobody_reviewed_it(
    collection: Collection,
) -> None:
    for record in collection.records:
        assert [(run.id, run.agent) for run in record.runs] == [("reading", READING_DESK)]
        assert record.reviews == ()
    assert {item.run for _, item in _items(collection)} == {"reading"}


def test_every_attribution_conveys_a_claim_and_has_its_place(collection: Collection) -> None:
    for slug, item in _items(collection):
        assert item.claims, f"{slug}#{item.id}"
        assert len(item.spans) == len(item.quotes), f"{slug}#{item.id}"


def test_attributions_stand_in_the_order_of_the_text(collection: Collection) -> None:
    for record in collection.records:
        starts = [item.spans[0].start for item in record.attributions]
        assert starts == sorted(starts), record.slug


def test_every_resolution_has_a_basis(collection: Collection) -> None:
    for slug, item in _items(collection):
        if item.form is not Form.AUTHORIAL:
            assert item.basis, f"{slug}#{item.id}"


def test_every_attributed_statement_names_the_utterance_or_says_nobody_spoke(
    collection: Collection,
) -> None:
    without = [
        f"{slug}#{item.id}"
        for slug, item in _items(collection)
        if item.form is not Form.AUTHORIAL and not item.utterance
    ]
    # « il est attendu », « qualifiée de »: passives without an agent
    assert without == [f"{BAMADA}#a17", f"{RFI_RELAY}#a7"]
    for slug, name in ((BAMADA, "a17"), (RFI_RELAY, "a7")):
        item = next(a for a in _record(collection, slug).attributions if a.id == name)
        assert (item.speakers, item.kind, item.chain) == ((), SpeakerKind.UNNAMED, ())


def test_all_topics_utterances_and_sources_are_used(collection: Collection) -> None:
    used = {item.utterance for _, item in _items(collection)}
    assert {utterance.id for utterance in collection.utterances} <= used
    chains = {link for _, item in _items(collection) for link in item.chain}
    cited = {source.id for source in collection.sources}
    assert chains <= cited
    assert cited - chains == {"aes-communique-2025-04-01"}  # echoed, never credited
    named = {name for claim in _claims(collection) for name in _named(claim)}
    named |= {u.event for u in collection.utterances} | {u.place for u in collection.utterances}
    named |= {topic.where for topic in collection.topics}
    assert {topic.id for topic in collection.topics} <= named


# --- bytes, where the texts are at hand


@pytest.mark.texts
def test_each_record_is_of_the_exact_bytes(collection: Collection, texts: dict[str, str]) -> None:
    for record in collection.records:
        text = texts[record.slug]
        assert len(text) == record.document.characters
        assert record.document.title in text
        assert record.document.byline in text


@pytest.mark.texts
def test_every_quote_cue_mention_and_role_is_verbatim(
    collection: Collection, texts: dict[str, str]
) -> None:
    for slug, item in _items(collection):
        text, here = texts[slug], f"{slug}#{item.id}"
        assert tuple(text[start:end] for start, end in item.spans) == item.quotes, here
        for words, span in ((item.cue, item.cue_span), (item.mention, item.mention_span)):
            assert bool(words) == (span is not None), here
            if span is not None:
                assert text[span.start : span.end] == words, here
        assert item.role in text, here
        first, last = item.spans[0].start, item.spans[-1].end
        assert text[:first].endswith(item.prefix), here
        assert text[last:].startswith(item.suffix), here


@pytest.mark.texts
def test_a_quote_that_stands_twice_has_the_words_around_it(
    collection: Collection, texts: dict[str, str]
) -> None:
    for slug, item in _items(collection):
        if texts[slug].count(item.quotes[0]) > 1:
            assert item.prefix or item.suffix, f"{slug}#{item.id}"


@pytest.mark.texts
def test_marks_stand_beside_every_direct_quote_and_no_unmarked_one(
    collection: Collection, texts: dict[str, str]
) -> None:
    for slug, item in _items(collection):
        if item.form in {Form.DIRECT, Form.UNMARKED_DIRECT}:
            marked = [is_marked(texts[slug], span) for span in item.spans]
            assert marked == [item.form is Form.DIRECT] * len(marked), f"{slug}#{item.id}"


@pytest.mark.texts
def test_no_quote_lies_in_boilerplate(collection: Collection, texts: dict[str, str]) -> None:
    for record in collection.records:
        assert record.document.characters == len(texts[record.slug])
        outside = _covered(iter([stretch.span for stretch in record.document.boilerplate]))
        inside = _covered(span for item in record.attributions for span in item.spans)
        assert not outside & inside, record.slug


def test_the_text_that_forbids_reproduction_is_quoted_least(collection: Collection) -> None:
    shares = {
        record.slug: len(_covered(s for item in record.attributions for s in item.spans))
        / record.document.characters
        for record in collection.records
    }
    assert min(shares, key=lambda slug: shares[slug]) == BAMADA
    assert shares[BAMADA] < 0.27
    assert max(shares.values()) < 0.7


# --- what the five articles demand


def test_004_has_four_spoken_quotes_and_no_quotation_mark(collection: Collection) -> None:
    forms = Counter(item.form for item in _record(collection, UNMARKED).attributions)
    assert forms[Form.UNMARKED_DIRECT] == 4
    assert not {Form.DIRECT, Form.MIXED, Form.SCARE_QUOTE} & set(forms)


def test_diop_has_two_wordings_linked_by_entailment_and_not_merged(
    collection: Collection,
) -> None:
    spoken = _one(collection, REVEIL, "premier partenaire à reconnaître")
    unmarked = _one(collection, UNMARKED, "le premier à reconnaître")
    assert spoken.speakers == unmarked.speakers == ("abdoulaye-diop",)
    assert spoken.utterance == unmarked.utterance == "diop-after-talks"
    assert spoken.quotes != unmarked.quotes
    assert not {c.line for c in spoken.claims} & {c.line for c in unmarked.claims}
    links = {(a.left, a.right, a.relation, a.judgement) for a in collection.alignments}
    assert (
        "russia firstToRecognise aes",
        "russia firstPartnerToRecognise aes",
        Relation.ENTAILS,
        Judgement.POSITIVE,
    ) in links
    pair = (f"{REVEIL}#{spoken.id}", f"{UNMARKED}#{unmarked.id}")
    assert (*pair, Relation.VARIANT, Judgement.POSITIVE) in links


def test_two_texts_of_diop_are_one_utterance_and_one_speaker(collection: Collection) -> None:
    carriers = [(s, i) for s, i in _items(collection) if i.utterance == "diop-after-talks"]
    assert {slug for slug, _ in carriers} == {REVEIL, UNMARKED}
    assert {item.speakers for _, item in carriers} == {("abdoulaye-diop",)}


def test_the_guillemets_of_001_hold_rfis_words_through_its_report(
    collection: Collection,
) -> None:
    marked = [
        item
        for item in _record(collection, RFI_RELAY).attributions
        if item.form in {Form.DIRECT, Form.MIXED}
    ]
    assert len(marked) == 9
    assert {item.speakers for item in marked} == {("rfi",)}
    assert {item.chain for item in marked} == {("rfi-report-2025-04-02",)}
    source = next(s for s in collection.sources if s.id == "rfi-report-2025-04-02")
    assert source.publisher == "rfi"


def test_rfi_foretells_what_three_states_will_say(collection: Collection) -> None:
    nested = _one(collection, RFI_RELAY, "principale priorité", "burkina-faso", "mali", "niger")
    assert nested.form is Form.INDIRECT
    assert nested.chain == ("rfi-report-2025-04-02",)
    assert nested.reporter_modality is Modality.PLANNED
    outer = _one(collection, RFI_RELAY, "vont rappeler à Moscou", "rfi")
    assert outer.spans[0].start < nested.spans[0].start
    assert outer.spans[0].end == nested.spans[0].end
    assert outer.modality is Modality.PLANNED
    apposition = _one(collection, RFI_RELAY, "Partenaires privilégiés", "rfi")
    assert apposition.modality is Modality.CERTAIN


def test_rfi_leaves_the_channel_open_and_asserts_no_single_one(collection: Collection) -> None:
    item = _one(collection, RFI_RELAY, "sous étiquette du groupe", "rfi")
    assert item.modality is Modality.PLANNED
    assert {claim.line for claim in item.claims} == {
        "russia strengthensTiesWith aes-member-states",
        "russia strengthensTiesWith aes-member-states [via=wagner-or-other-channel]",
    }


def test_a_will_is_told_by_modality_and_a_readiness_too(collection: Collection) -> None:
    """What is wanted, promised or aimed at is planned, and the predicate says the content alone."""
    lines = {claim.line for _, item in _items(collection) for claim in item.claims}
    assert not [line for line in lines if any(w in line for w in (" wants", " readyTo", " seeks"))]
    opening = [(item, item.quotes[0]) for _, item in _items(collection)]
    ready = [item for item, words in opening if "prête à" in words or "prêts à" in words]
    will = [item for item, words in opening if "volonté" in words and "participe" not in words]
    assert len(ready) == 2
    assert len(will) == 4  # 000 twice, 004 twice
    for item in ready + will:
        assert item.modality is Modality.PLANNED, item.id


def test_the_word_ally_is_the_outlets_and_not_russias(collection: Collection) -> None:
    ((slug, item),) = _carriers(collection, "aes-member-states isAllyOf russia")
    assert (slug, item.form) == (RFI_RELAY, Form.AUTHORIAL)


def test_one_meeting_is_one_event(collection: Collection) -> None:
    meetings = [t.id for t in collection.topics if t.id.startswith("aes-russia-") and t.when]
    assert meetings == ["aes-russia-consultations"]


def test_a_positive_link_between_attributions_leaves_no_claim_in_doubt(
    collection: Collection,
) -> None:
    """Where a side conveys several claims, the claims are linked and not the attributions."""
    held = {f"{slug}#{item.id}": item for slug, item in _items(collection)}
    alike = {Relation.SAME_CLAIM, Relation.ENTAILS}
    for link in collection.alignments:
        sure = link.relation in alike and link.judgement is Judgement.POSITIVE
        if sure and link.left in held:
            assert len(held[link.left].claims) == len(held[link.right].claims) == 1, link.left


def test_the_first_meeting_of_four_loses_its_speaker(collection: Collection) -> None:
    line = "aes-russia-consultations isFirstInFormat quadripartite-format"
    carriers = dict(_carriers(collection, line))
    assert set(carriers) == {MOSCOW, UNMARKED}
    assert carriers[MOSCOW].speakers == ("sergei-lavrov",)
    assert carriers[MOSCOW].form is Form.INDIRECT
    assert carriers[UNMARKED].form is Form.AUTHORIAL


def test_the_uncredited_communique_is_in_no_chain_but_in_alignments(
    collection: Collection,
) -> None:
    for slug in (BAMADA, MOSCOW):
        for item in _record(collection, slug).attributions:
            assert "aes-communique-2025-04-01" not in item.chain
    echoes = [
        alignment
        for alignment in collection.alignments
        if "1 April 2025" in alignment.basis and alignment.judgement is Judgement.POSITIVE
    ]
    assert len(echoes) >= 4
    for alignment in echoes:
        assert alignment.left.startswith(BAMADA)
        assert alignment.right.startswith(MOSCOW)


def test_two_texts_echo_the_communique_that_neither_credits(collection: Collection) -> None:
    echoes = [link for link in collection.alignments if link.relation is Relation.ECHOES]
    assert {link.right for link in echoes} == {"aes-communique-2025-04-01"}
    sure = {link.left for link in echoes if link.judgement is Judgement.POSITIVE}
    assert {name.partition("#")[0] for name in sure} == {BAMADA, MOSCOW}
    assert {f"{BAMADA}#a14", f"{MOSCOW}#a7b"} <= sure  # the roadmap under Malian presidency


def test_comment_forms_and_menus_are_set_apart(collection: Collection) -> None:
    reasons = {
        record.slug: {stretch.reason for stretch in record.document.boilerplate}
        for record in collection.records
    }
    assert "share line and comment form" in reasons[RFI_RELAY]
    assert "comment form" in reasons[REVEIL]
    assert "reproduction notice" in reasons[BAMADA]


def test_the_conditional_belongs_to_the_outlet_or_to_rfi(collection: Collection) -> None:
    for slug, item in _items(collection):
        words = " ".join(item.quotes)
        if not any(form in words for form in ("devrait", "devraient", "pourrait", "pourraient")):
            continue
        if item.form is Form.AUTHORIAL:
            assert item.reporter_modality is Modality.CONDITIONAL, f"{slug}#{item.id}"
        else:
            assert item.speakers == ("rfi",), f"{slug}#{item.id}"
            assert item.modality is Modality.CONDITIONAL
            assert item.reporter_modality is Modality.CERTAIN


def test_joint_collective_state_and_role_only_speakers_are_kept(collection: Collection) -> None:
    joint = _one(collection, MOSCOW, "méthodologie")
    assert joint.speakers == ("bakary-yaou-sangare", "karamoko-jean-marie-traore")
    assert _one(collection, UNMARKED, "coopération militaire avec le Mali").speakers == ("russia",)
    kinds = {item.kind for _, item in _items(collection)}
    assert kinds == set(SpeakerKind)


def test_the_burkinabe_minister_is_known_by_his_office_alone(collection: Collection) -> None:
    item = _one(collection, UNMARKED, "consolider la structuration")
    assert item.kind is SpeakerKind.ROLE_ONLY
    assert item.speakers == ("karamoko-jean-marie-traore",)
    assert item.mention == "le ministre burkinabè des Affaires étrangères"
    assert "003" in item.basis
    agent = next(a for a in collection.agents if a.id == "karamoko-jean-marie-traore")
    held = agent.roles[0].held
    assert held is not None
    assert held.earliest <= "2025-04-03"


def test_free_indirect_speech_stays_lavrovs(collection: Collection) -> None:
    item = _one(collection, MOSCOW, "Mais ce n’est qu’un début")
    assert item.form is Form.FREE_INDIRECT
    assert item.speakers == ("sergei-lavrov",)
    assert item.cue == ""


def test_the_aes_and_diop_carry_the_names_they_drift_between(collection: Collection) -> None:
    agents = {agent.id: agent for agent in collection.agents}
    names = {label for _, label in agents["aes"].aliases}
    assert {"Alliance des États du Sahel", "Confédération des États du Sahel"} <= names
    roles = {
        item.role
        for _, item in _items(collection)
        if item.speakers == ("abdoulaye-diop",) and item.role
    }
    assert len(roles) == 3


def test_only_two_outlets_are_identified_and_on_what_ground(collection: Collection) -> None:
    outlets = {record.slug: record.document.outlet for record in collection.records}
    assert outlets[BAMADA] == "bamada-net"
    assert outlets[REVEIL] == "le-reveil-africain"
    assert [slug for slug, name in outlets.items() if name == UNIDENTIFIED] == [
        RFI_RELAY,
        MOSCOW,
        UNMARKED,
    ]
    basis = _record(collection, REVEIL).document.outlet_basis
    assert "lereveilafricain.info" in basis
    assert "no statement of the text" in basis


def test_the_visit_announced_is_dated_before_it(collection: Collection) -> None:
    published = _record(collection, BAMADA).document.published
    assert published is not None
    assert published.latest == "2025-04-02"
    item = _one(collection, BAMADA, "effectueront")
    assert item.illocution is Illocution.ANNOUNCEMENT
    assert item.modality is Modality.PLANNED


def test_denial_of_details_is_kept_as_denied(collection: Collection) -> None:
    item = _one(collection, UNMARKED, "sans donner davantage de détails")
    assert item.polarity is Polarity.DENIED
    assert item.form is Form.AUTHORIAL


def test_claims_are_shared_across_outlets(collection: Collection) -> None:
    texts_of = defaultdict(set)
    for slug, item in _items(collection):
        for claim in item.claims:
            texts_of[claim.line].add(slug)
    assert 120 <= len(texts_of) <= 200
    assert sum(len(slugs) > 1 for slugs in texts_of.values()) >= 20
    first = "aes-russia-consultations isFirstSessionOf aes-russia-consultation-series"
    assert texts_of[first] == {BAMADA, RFI_RELAY, MOSCOW, UNMARKED}


def test_tempting_false_pairs_are_judged_negative(collection: Collection) -> None:
    negative = [a for a in collection.alignments if a.judgement is Judgement.NEGATIVE]
    assert len(negative) >= 10
    assert {a.by for a in collection.alignments} == {READING_DESK}
    assert all(a.basis for a in collection.alignments)
