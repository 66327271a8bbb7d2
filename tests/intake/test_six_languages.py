"""German, Spanish, Portuguese, Italian, Russian, Arabic: told apart, never failing, linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.intake.declension import nominative, stem
from kg.intake.extract import extract
from kg.intake.language import detect, load

NEWS = {
    "de": "Die Leiterin des Hafens, Eva Lang, erklärte am Montag, der Betrieb ruhe seit dem "
    "3. Januar. Man habe alle Wege gesperrt. „Wir warten“, sagte sie. Nach Angaben der Polizei "
    "wurde niemand verletzt, wie das Amt mitteilte. ",
    "es": "El ministro de Salud, Pedro Lima, explicó el lunes que las vacunas llegarán en marzo. "
    "«No habrá retrasos», añadió. Según la fiscalía, el incendio fue provocado. Los plazos serán "
    "largos, advirtió el director del hospital. ",
    "pt": "O ministro da Saúde, Pedro Lima, explicou na segunda-feira que as vacinas chegam em "
    "março. “Não haverá atrasos”, acrescentou. Segundo a polícia, ninguém ficou ferido. Os prazos "
    "serão longos, avisou o diretor do hospital. ",
    "it": "Il ministro della Salute, Anna Greco, ha spiegato lunedì che i vaccini arriveranno a "
    "marzo. «Non ci saranno ritardi», ha aggiunto. Secondo la procura, l’incendio è doloso. I "
    "tempi saranno lunghi, ha avvertito il direttore. ",
    "ru": "Министр энергетики Олег Громов заявил в понедельник, что цены не вырастут. «Запасов "
    "хватит, — сказал он, — до весны». По словам Ивана Ларина, ремонт закончат осенью. Как "
    "сообщили в полиции, пострадавших нет. ",
    "ar": "قال الرئيس سالم حداد يوم الاثنين إن المدينة ستفتح أبوابها غدا. وأضاف أن المدارس "
    'ستعود. "لن نغادر أرضنا"، قال المزارع كريم نصر. بحسب وزارة الصحة، تراجعت الإصابات. ',
    "fr": "Le maire Paul Sy a déclaré lundi que le pont serait fermé, selon la radio. « Nous "
    "n’avons pas le choix », a-t-il ajouté. Les travaux doivent durer deux mois. ",
    "en": "The mayor, Ann Lee, said on Monday that the bridge would be closed. “We have no "
    "choice,” she added. According to the police, nobody was hurt in the accident. ",
}
SIX = sorted(set(NEWS) - {"fr", "en"})
WORDS = sorted({f"{word} " for code in SIX for word in NEWS[code].split()})
MARKS = ["„", "“", "”", "«", "»", "—", "–", ",", ".", ":", "?", "\n", "(", ")", " ", "،", "\u0301"]
PIECES = st.sampled_from(
    WORDS + MARKS + ["zufolge ", "so ", "nach ", "sei ", "dass ", "-o ", "3. "]
)
TEXTS = st.lists(PIECES, max_size=90).map("".join)


@pytest.mark.parametrize("code", sorted(NEWS))
def test_short_news_tells_its_language(code: str) -> None:
    """Two or three sentences are enough, whole or cut."""
    text = NEWS[code]

    assert [detect(text), detect(text[:120]), detect(text.upper())] == [code, code, code]


@pytest.mark.parametrize("code", SIX)
@settings(max_examples=200, deadline=None)
@given(text=TEXTS)
def test_any_mixture_gives_spans_inside_it(code: str, text: str) -> None:
    """Whatever stands beside whatever, every content, cue and mention lies inside the text."""
    spans = [
        span
        for proposal in extract(text, language=code)
        for span in (*proposal.content, proposal.cue, proposal.speaker.mention)
        if span is not None
    ]

    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize("code", SIX)
@pytest.mark.parametrize(
    "piece", ["news", "— ", "laut ", "so ", "sei ", ", dass ", "по словам ", "إن ", "Ивана ", "; "]
)
def test_time_grows_with_the_text_and_no_faster(code: str, piece: str) -> None:
    """Eight times the text on one line takes no more than some 24 times the time."""
    piece = NEWS[code] if piece == "news" else piece
    small = piece * (5_000 // len(piece))
    extract(small, language=code)
    begin = time.process_time()
    extract(small, language=code)
    one = time.process_time() - begin
    begin = time.process_time()
    extract(small * 8, language=code)
    eight = time.process_time() - begin

    assert eight < 24 * max(one, 0.01)


@pytest.mark.parametrize("code", ["de", "es", "pt", "ru"])
def test_the_lexicon_is_rich(code: str) -> None:
    """More than a hundred reporting verbs."""
    lemmas = {form.lemma for forms in load(code).cue_forms.values() for form in forms}

    assert len(lemmas) > 100


def test_split_prefixes_give_both_forms() -> None:
    """`teilte … mit`, `mitteilte`, `mitgeteilt` are one verb."""
    forms = load("de").cue_forms

    for joined in ("mitgeteilt", "mitteilte"):
        assert "teilen mit" in {form.lemma for form in forms[joined]}
    assert ("mit",) in {form.tail for form in forms["teilte"]}


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("Ивана Ларина", "Иван Ларин"),
        ("Владимиром Орловым", "Владимир Орлов"),
        ("Анны Беловой", "Анна Белова"),
        ("Дмитрия Островского", "Дмитрий Островский"),
        ("Сергею Громову", "Сергей Громов"),
        ("Иван Ларин", "Иван Ларин"),
        ("Белый дом", "Белый дом"),
    ],
)
def test_a_name_is_brought_to_its_base_form(written: str, base: str) -> None:
    """Given name known, surname by its ending; what is no personal name stays."""
    assert base == nominative(written, load("ru").given_names)


def test_all_cases_of_a_name_share_a_stem() -> None:
    """The stem is what `join_cases` groups by."""
    assert {stem(word) for word in ("Ларин", "Ларина", "Ларину", "Лариным")} == {"ларин"}


def test_a_verb_without_subject_has_no_mention() -> None:
    """The speaker is named by the person in focus, and no words are claimed as the mention."""
    *_, last = extract("Pedro Lima dirige el puerto. Añadió que no hay barcos.", language="es")

    assert last.speaker.mention is None
    assert last.speaker.canonical == "Pedro Lima"
    assert last.speaker.basis.endswith("in the verb")
