"""A correction keeps what nobody touched byte for byte, takes names for ids, and builds claims."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from kg.intake.add import open_desk
from kg.intake.document import capture
from kg.intake.formats.article import Article
from kg.intake.review import Filters, queue
from kg.model import Attribution
from kg.project import Project
from kg.records import load_collection
from kg.serve.form_text import restored, stretches, words_at
from tests.serve.conftest import FORM_KEY, client_of

ITEM = "fanal-accord#a2"
ALONE = "fanal-accord#a8"
"""One that no judgement ties to another text."""
BIDI = chr(0x202E)


def drawn(client: TestClient, item: str = ITEM) -> dict[str, str]:
    """Every field of the edit form as a browser would send it back untouched."""
    return fields_of(client.get("/review", params={"edit": item}).text) | {"by": "Ed"}


def fields_of(page: str) -> dict[str, str]:
    """The fields of the edit form on a page."""
    form = page.partition('id="edit"')[2].partition("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(
        r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = unescape(value).replace("\n", "\r\n")
    select = re.compile(r'<select [^>]*name="([\w-]+)"[^>]*>(.*?)</select>', re.DOTALL)
    for name, body in select.findall(form):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found


def save(client: TestClient, fields: dict[str, str], **changed: str):
    """Send the form with some fields changed."""
    return client.post("/review/edit", data={**fields, **changed}, follow_redirects=False)


def stands(project: Project, item: str = ITEM) -> Attribution:
    """The attribution as the records hold it now."""
    return next(
        found.attribution for found in queue(project, Filters(state="all")) if found.id == item
    )


def test_an_untouched_form_changes_nothing(fresh: Project) -> None:
    """Sent back as it was drawn, a form is no edit, for every attribution of a record."""
    before = (fresh.sources / "fanal-accord" / "record.yaml").read_bytes()
    with client_of(fresh) as client:
        answers = [
            save(client, drawn(client, f"fanal-accord#a{number}")) for number in range(1, 11)
        ]

    assert [answer.status_code for answer in answers] == [400] * 10
    assert all("Nothing has changed" in answer.text for answer in answers)
    assert (fresh.sources / "fanal-accord" / "record.yaml").read_bytes() == before


def test_names_stand_for_ids(fresh: Project) -> None:
    """Speaker, chain and claims are written by name, accents and case aside."""
    with client_of(fresh) as client:
        fields = drawn(client, ALONE)
        answer = save(
            client,
            fields,
            **{
                "speaker": "JORUND aksvelle; Mevenn Tardouel",
                "form": "indirect",
                "chain-0": "le cabotier de lurve",
                "claim-0-gone": "1",
                "claim-1-subject": "Port-Brévane–Hallemsund ferry line",
                "claim-1-predicate": "opens on",
                "claim-1-object": "2024-09-01",
                "claim-1-where": "Hallemsund",
                "claim-2-subject": "ligne de bac Port-Brévane – Hallemsund",
                "claim-2-predicate": "crossingMinutes",
                "claim-2-object": "50",
                "role": "directeur",
                "note": "the next sentence says so",
            },
        )
    after = stands(fresh, ALONE)

    assert answer.status_code == 303
    assert set(after.speakers) == {"jorund-aksvelle", "mevenn-tardouel"}
    assert str(after.form) == "indirect"
    assert {claim.line for claim in after.claims} == {
        'ferry-line opensOn "2024-09-01" [where=hallemsund]',
        'ferry-line crossingMinutes "50"',
    }
    assert after.chain == ("le-cabotier-de-lurve",)
    assert after.role == "directeur"


def test_the_form_shows_names_and_sentences(client: TestClient) -> None:
    """Names in the fields, each claim as a sentence, lists of names to choose from."""
    page = unescape(client.get("/review", params={"edit": ITEM}).text)

    assert 'name="speaker" list="speakers" value="Ysaline Corvandre"' in page
    assert "<legend><bdi>Port-Brévane–Hallemsund ferry line " in page
    assert '<option value="Jorund Aksvelle">' in page
    assert '<option value="opens on">' in page
    assert (
        "ysaline-corvandre" not in page.partition('id="edit"')[2].partition('id="source-text"')[2]
    )


def test_an_unknown_name_is_asked_about_and_can_be_added(fresh: Project) -> None:
    """A name nobody knows comes back with what it may be added as; then it is, and is built."""
    registry = fresh.sources / "agents.yaml"
    before = registry.read_bytes()
    with client_of(fresh) as client:
        fields = drawn(client, "fanal-accord#a3")
        changed = {
            "form": "indirect",
            "speaker": "Solenn Arvandec",
            "claim-1-subject": "Solenn Arvandec",
            "claim-1-predicate": "locatedIn",
            "claim-1-object": "Quai des Brumes",
        }
        asked = save(client, fields, **changed)
        form = fields_of(asked.text)
        unchanged = registry.read_bytes()
        names = {form[key]: key for key in form if re.fullmatch(r"new-\d-name", key)}
        kinds = {
            names["Solenn Arvandec"].replace("name", "kind"): "person",
            names["Quai des Brumes"].replace("name", "kind"): "place",
        }
        answer = save(client, form, **kinds)
        assert client.app.state.desks.desk().rebuilder.wait(90)
        faults = client.app.state.desks.desk().rebuilder.faults
        shown = client.get("/speaker/solenn-arvandec").status_code
    loaded = load_collection(fresh)
    after = stands(fresh, "fanal-accord#a3")

    assert asked.status_code == 400
    assert "“Solenn Arvandec” is not in the collection." in asked.text
    assert form["speaker"] == "Solenn Arvandec"
    assert unchanged == before
    assert answer.status_code == 303
    assert loaded.errors == ()
    assert after.speakers == ("solenn-arvandec",)
    assert after.claims[-1].line == "solenn-arvandec locatedIn quai-des-brumes"
    assert {item.id: str(item.kind) for item in loaded.collection.topics}[
        "quai-des-brumes"
    ] == "place"
    assert faults == (), faults
    assert shown == 200


def test_a_name_of_several_is_told_with_all_of_them(fresh: Project) -> None:
    """Two people of one name: none is guessed, both are named, either can be written."""
    registry = fresh.sources / "agents.yaml"
    twin = "  - id: aksvelle-the-younger\n    kind: person\n    name: {en: Jorund Aksvelle}\n"
    registry.write_text(registry.read_text(encoding="utf-8") + twin, encoding="utf-8")
    with client_of(fresh) as client:
        fields = drawn(client, ALONE)
        asked = save(client, fields, speaker="Jorund Aksvelle")
        chosen = save(client, fields, speaker="Jorund Aksvelle (aksvelle-the-younger)")

    assert asked.status_code == 400
    assert "Jorund Aksvelle (jorund-aksvelle)" in asked.text
    assert "Jorund Aksvelle (aksvelle-the-younger)" in asked.text
    assert chosen.status_code == 303
    assert stands(fresh, ALONE).speakers == ("aksvelle-the-younger",)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"quote": "words that stand nowhere in it"}, "These words are not in the text"),
        ({"speaker": "Nobody Known"}, "“Nobody Known” is not in the collection."),
        ({"claim-0-predicate": "supportsX"}, "“supportsX” is no predicate of the vocabulary."),
        ({"speaker": "Mévenn Tardouël"}, "Two wordings of one utterance have the same speaker"),
        (
            {"claim-0-predicate": "opens on", "claim-0-object": "some day"},
            "This edit does not stand",
        ),
        ({"chain-0": "A paper nobody knows"}, "“A paper nobody knows” is not in the collection."),
        ({"at": "5-99999999"}, "This place is not in the text"),
        ({"at": "5-20"}, "The words sent are not those of the text at this place"),
        ({"form": "shouted"}, "This edit does not stand"),
        ({"by": " "}, "Say first who decides"),
    ],
)
def test_an_edit_that_does_not_stand_is_kept_in_the_form(
    fresh: Project, changed: dict[str, str], told: str
) -> None:
    """A fault is told, everything written stays in the form, the record stays as it was."""
    before = (fresh.sources / "fanal-accord" / "record.yaml").read_bytes()
    with client_of(fresh) as client:
        answer = save(client, drawn(client), **{"note": "my precious note", **changed})
    again = fields_of(answer.text)

    assert answer.status_code == 400
    assert told in unescape(answer.text)
    assert again["note"] == "my precious note"
    for name, value in changed.items():
        if name not in {"form", "by"}:
            assert again[name] == value
    assert (fresh.sources / "fanal-accord" / "record.yaml").read_bytes() == before


def test_the_second_editor_keeps_their_words_and_gets_the_rest_as_it_stands(
    fresh: Project,
) -> None:
    """In a conflict, note, place and touched fields stay; the others are as the first left them."""
    text = next(item.text for item in queue(fresh) if item.id == ITEM)
    start = text.index("le premier service public")
    words = text[start : start + 25]
    with client_of(fresh) as client:
        old = drawn(client)
        first = save(client, old, role="ministre", by="Bruno")
        second = save(
            client, old, by="Anne", note="my precious note", quote=words, at=f"{start}-{start + 25}"
        )
        form = fields_of(second.text)
        third = save(client, form, by="Anne")
    after = stands(fresh)

    assert (first.status_code, second.status_code, third.status_code) == (303, 409, 303)
    assert "edited in the meantime by Bruno" in second.text
    assert form["note"] == "my precious note"
    assert form["at"] == f"{start}-{start + 25}"
    assert form["role"] == "ministre"
    assert after.role == "ministre"
    assert after.quotes == (words,)


def hostile(project: Project) -> str:
    """Add a text with overrides and Windows line ends, and give its record's name."""
    text = (
        f"Le quai rouvre\r\n\r\nLa ministre {BIDI}écilop a dit : "
        f"« Nous {BIDI}ne céderons\r\npas {{{{7*7}}}} ${{7*7}} », lundi.\r\n"
    )
    raw = text.encode()
    with open_desk(project, version="1") as desk:
        added = desk.add(capture(Article("quai.txt", "quai", text, raw, "plain text", "text")))
    return added.slug


def test_places_are_those_of_the_text_whatever_a_page_spells_out(fresh: Project) -> None:
    """With overrides and CRLF, a selected place gives its very words; no CR is shown."""
    slug = hostile(fresh)
    item = next(found for found in queue(fresh, Filters(document=slug)))
    place = item.text.index("Nous"), item.text.index(" ${7*7}")
    with client_of(fresh) as client:
        page = client.get("/review", params={"edit": item.id}).text
        fields = drawn(client, item.id)
        same = save(client, fields)
        words = words_at(item.text, [place]).replace("\n", "\r\n")
        answer = save(client, fields, at=f"{place[0]}-{place[1]}", quote=words)
        look = client.post(
            "/add/look",
            data={"key": FORM_KEY, "text": "", "outlet": ""},
            files={
                "file": ("crlf.txt", item.text.replace("lundi", "mardi").encode(), "text/plain")
            },
        ).text
    after = stands(fresh, item.id)

    assert "U+000D" not in page + look
    assert '<span class="sign" data-stands-for="1">[U+202E]</span>' in page
    assert '<span class="sign" data-stands-for="2">\n</span>' in page
    assert "Nothing has changed" in same.text
    assert answer.status_code == 303
    assert after.quotes == (f"Nous {BIDI}ne céderons\r\npas {{{{7*7}}}}",)
    assert tuple(after.spans[0]) == place


def test_an_untouched_override_stays_as_it_was(fresh: Project) -> None:
    """Changing the form alone leaves a role with an override byte for byte."""
    path = fresh.sources / "fanal-accord" / "record.yaml"
    role = f"ministre {BIDI}écilop{chr(0x202C)}"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "role: présidente de la Régie portuaire", 'role: "ministre \\u202Eécilop\\u202C"', 1
        ),
        encoding="utf-8",
    )
    with client_of(fresh) as client:
        one = save(client, drawn(client), form="mixed")
        first = stands(fresh).role
        two = save(client, drawn(client), role=f"la {role}".replace(BIDI, "[U+202E]"))
    second = stands(fresh).role

    assert (one.status_code, two.status_code) == (303, 303)
    assert first == role
    assert second == f"la {role}"


def test_without_its_text_the_words_are_fixed_and_the_rest_is_not(fresh: Project) -> None:
    """The passage says that it cannot change here, and how to attach the text; a role can."""
    for path in (fresh.root / "texts").iterdir():
        path.unlink()
    with client_of(fresh) as client:
        page = client.get("/review", params={"edit": ITEM}).text
        fields = drawn(client)
        words = save(client, fields, quote="other words")
        role = save(client, fields, role="présidente")

    assert 'rows="3" lang="fr" readonly' in page
    assert "kg attach" in page
    assert words.status_code == 400
    assert "its words cannot be changed" in words.text
    assert role.status_code == 303
    assert stands(fresh).role == "présidente"


def test_the_outlets_own_voice_and_back(fresh: Project) -> None:
    """Choosing the outlet's own voice takes the speaker away; another form gives words for one."""
    with client_of(fresh) as client:
        own = save(client, drawn(client, ALONE), form="authorial")
        voice = stands(fresh, ALONE)
        back = save(client, drawn(client, ALONE), form="indirect", unresolved="une source")
    after = stands(fresh, ALONE)

    assert (own.status_code, back.status_code) == (303, 303)
    assert (voice.speakers, str(voice.kind)) == ((), "outlet-voice")
    assert (after.unresolved, str(after.kind)) == ("une source", "unnamed")


def test_stretches_hold_the_text_whole() -> None:
    """What a text is cut into stands for every character of it, once, whatever is marked."""
    text = f"ab\r\nc{BIDI}d\re\r\n"
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            made = stretches(text, [(start, end)])
            pieces = [piece for stretch in made for piece in stretch.pieces]

            assert sum(piece.stands_for or len(piece.shown) for piece in pieces) == len(text)
            assert "\r" not in "".join(piece.shown for piece in pieces)
    assert restored("x\ny", "a\r\nb") == "x\r\ny"
