"""What is no article text is marked with its reason, never taken out; credits are proposed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.intake.boilerplate import find_boilerplate, find_credits, find_title, mask
from kg.model import Boilerplate, Span


def reasons(text: str) -> list[tuple[str, str]]:
    """The marked words of a text, each with its reason."""
    return [(text[item.span.start : item.span.end], item.reason) for item in find_boilerplate(text)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Lire aussi : Le pont de Corvenne rouvre", "link to another article"),
        ("À LIRE AUSSI\u00a0: « Nous partirons », dit la préfète", "link to another article"),
        ("Read more: The bridge reopens", "link to another article"),
        ("Lesen Sie auch: Die Brücke", "link to another article"),
        ("Читайте также: Мост открыт", "link to another article"),
        ("Suivez-nous sur Facebook et WhatsApp", "share or follow line"),
        ("Share", "share or follow line"),
        ("- Publicité -", "advert"),
        ("La suite après la publicité", "advert"),
        ("7 Min Read", "reading time"),
        ("12 min de lecture", "reading time"),
        ("© 2024 Le Fanal", "rights notice"),
        ("Skip to main content", "menu or page furniture"),
    ],
)
def test_a_line_of_furniture_is_marked_alone(line: str, reason: str) -> None:
    """In four languages, and only that line."""
    text = f"Le bac part demain à l’heure.\n\n{line}\n\nLa préfète l’a confirmé hier."

    assert reasons(text) == [(line, reason)]


@pytest.mark.parametrize(
    "line",
    [
        "« Lire aussi Hugo, c’est vivre », a dit la préfète aux enfants des écoles de Corvenne.",
        "Share prices fell by a tenth on Tuesday, the ministry said.",
        "Reading the report, he said, took 7 min.",
        "Abonnez-vous, a-t-il lancé.",
        "Home secretary Ada Lund said the ferry would sail.",
    ],
)
def test_article_text_is_not_marked(line: str) -> None:
    """Words that start like furniture and go on like a sentence are the article's."""
    assert reasons(f"Premier paragraphe du texte.\n\n{line}\n") == []


def test_a_comment_form_runs_to_the_end() -> None:
    """All that follows the form's title belongs to it."""
    form = "Laisser un commentaire\n\nNom\n\nVotre adresse e-mail ne sera pas publiée."

    assert reasons(f"Le bac part demain.\n\n{form}") == [(form, "comment form")]


def test_article_text_after_a_comment_form_is_kept() -> None:
    """A long paragraph of sentences ends the form: nothing of the article is lost."""
    body = "La préfète a reçu les pêcheurs. " * 8

    assert [reason for _, reason in reasons(f"Leave a comment\n{body.strip()}")] == ["comment form"]
    assert body.strip() in mask_of(f"Leave a comment\n{body.strip()}")


def mask_of(text: str) -> str:
    """A text with its boilerplate blanked out."""
    return mask(text, find_boilerplate(text))


def test_a_link_inside_a_paragraph_is_marked_from_its_first_word() -> None:
    """The sentence before it stays."""
    text = "Le bac part demain. Lire aussi : Un pont trop loin"

    assert reasons(text) == [("Lire aussi : Un pont trop loin", "link to another article")]


def test_a_list_of_links_at_the_end_is_marked() -> None:
    """After a share line, words that are no sentence are a menu."""
    links = "Corvenne en direct Achat bateau Vente bateau Météo du port Radio"
    text = f"Le bac part demain, dit-on.\n\nSuivez-nous sur Facebook\n{links}"

    assert reasons(text)[-1] == (links, "link list")


def test_masking_keeps_every_other_offset() -> None:
    """Blanks stand where the stretch was; line breaks stay."""
    text = "Un.\nLire aussi : Deux\nTrois."
    masked = mask_of(text)

    assert len(masked) == len(text)
    assert masked == "Un.\n" + " " * 17 + "\nTrois."


@given(st.text(alphabet="abc ABC.\n«»:", max_size=300), st.data())
def test_masking_any_stretches_changes_nothing_else(text: str, data: st.DataObject) -> None:
    """Length and all unmarked characters are kept, whatever the stretches."""
    cuts = sorted(
        data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)) if text else []
    )
    stretches = tuple(
        Boilerplate(Span(start, end), "x")
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )

    masked = mask(text, stretches)

    inside = {place for item in stretches for place in range(*item.span)}
    assert len(masked) == len(text)
    assert all(masked[n] == text[n] for n in range(len(text)) if n not in inside)
    assert all(masked[n] in " \n" for n in inside)


@given(st.text(max_size=400))
def test_any_text_is_read_and_stretches_lie_in_it(text: str) -> None:
    """Stretches are in order, apart, not empty and inside the text."""
    end = 0
    for item in find_boilerplate(text):
        assert end <= item.span.start < item.span.end <= len(text)
        end = item.span.end
    find_credits(text, ())


def test_outlet_and_byline_are_proposed_with_their_basis() -> None:
    """A source line and a name alone at the end."""
    text = "Le bac\n\nLe bac part demain, dit-on.\n\nJeanne Morvadec\n\nSource: Fanal.example\n"

    found = find_credits(text, ())

    assert found.outlet is not None
    assert found.byline is not None
    assert (found.outlet.name, found.byline.name) == ("Fanal.example", "Jeanne Morvadec")
    assert text[slice(*found.outlet.span)] == "Fanal.example"
    assert found.outlet.basis == "the text says “Source: Fanal.example”"
    assert found.byline.basis == "a name alone on a line: “Jeanne Morvadec”"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Par Jeanne Morvadec", "Jeanne Morvadec"),
        ("By Ada Lund and Tor Vik", "Ada Lund and Tor Vik"),
        ("J. Morvadec", "J. Morvadec"),
        ("Jeanne M.", "Jeanne M."),
        ("Abdou ag Almou", "Abdou ag Almou"),
    ],
)
def test_a_byline_is_read(line: str, name: str) -> None:
    """By-lines, initials and particles."""
    found = find_credits(f"Le bac part\n\n{line}\n\nLe bac part demain, dit-on à Corvenne.", ())

    assert found.byline is not None
    assert found.byline.name == name


@pytest.mark.parametrize(
    "line", ["Un port en attente", "Par ailleurs", "« Oui Madame »", "Paris 2024"]
)
def test_a_subheading_is_no_byline(line: str) -> None:
    """Words that are no names sign nothing."""
    text = f"Le bac part\n\n{line}\n\nLe bac part demain, dit-on à Corvenne."

    assert find_credits(text, ()).byline is None


def test_the_first_line_apart_is_the_title() -> None:
    """A long first line, or one that runs on, is not."""
    assert find_title("Le bac part.\n\nIl part demain.", ()) == "Le bac part."
    assert find_title("Le bac part.\nIl part demain.", ()) == ""
    assert find_title("Un seul paragraphe sans titre.", ()) == ""


def test_the_five_articles_are_marked_where_their_furniture_is(article_texts: Path) -> None:
    """Menus, adverts, links and forms are marked; no statement of the articles is."""
    marked = {}
    for path in sorted(article_texts.glob("00*.txt")):
        text = path.read_bytes().decode()
        found = find_boilerplate(text)
        marked[path.stem] = [(tuple(item.span), item.reason) for item in found]
        credits_found = find_credits(text, found)
        marked[path.stem].append(
            tuple(item.name if item else "" for item in credits_found)  # type: ignore[arg-type]
        )

    assert marked == {
        "000": [
            ((0, 87), "share or follow line"),
            ((1231, 1337), "link to another article"),
            ((3542, 3616), "link to another article"),
            ((4951, 5215), "rights notice"),
            ((5263, 5406), "share or follow line"),
            ((5407, 5627), "link list"),
            ("Bamada.net", "Ladji Djiga Sidibé"),
        ],
        "001": [
            ((97, 107), "reading time"),
            ((446, 462), "advert"),
            ((1406, 1461), "link to another article"),
            ((2531, 2597), "link to another article"),
            ((2865, 2872), "tags"),
            ((2873, 2891), "share or follow line"),
            ((2892, 3019), "comment form"),
            ("", "Touré Soulémane"),
        ],
        "002": [((2248, 2358), "comment form"), ("", "Amen K.")],
        "003": [("", "A. Sanogo")],
        "004": [("", "")],
    }
