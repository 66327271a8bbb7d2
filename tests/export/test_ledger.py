"""The ledger: laid out without a browser, every attribution drawn once, nothing over its edge."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
import sys
from importlib.resources import files
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from kg.errors import UsageError
from kg.export import ledger, ledger_narrow
from kg.export.counts import count
from kg.export.glyphs import curve, glyph
from kg.export.labels import mark_name, outlet_label, shorten, told_by
from kg.export.palette import colours
from kg.export.png import FONTS, render_png
from kg.export.safe_text import attribute_id
from kg.export.scene import arrange
from kg.export.svg import render_svg
from kg.export.text_width import fit, measure, wrap
from kg.export.untangle import crossings, spread, untangle
from kg.export.words import _table, word
from kg.model import Form, Illocution, Modality, Polarity, SpeakerKind, Stance
from tests.export import sample_rows

SVG = "{http://www.w3.org/2000/svg}"
FONT_SIZES = {
    "title": 24,
    "speaker": 16,
    "claim": 15,
    "outlet": 13,
    "count": 13,
    "sum": 13,
    "role": 12,
    "tag": 11.5,
    "head": 11,
    "via": 11,
}


def parsed(body: str) -> ET.Element:
    """An SVG fragment as a tree."""
    return tree(f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>')


def tree(drawn: str) -> ET.Element:
    """An SVG document as a tree."""
    return ET.fromstring(drawn)  # noqa: S314 - the document is our own


def texts(root: ET.Element) -> list[tuple[float, float, str, str]]:
    """Every line of text: x, y, class, characters."""
    lines = []
    for text in root.iter(f"{SVG}text"):
        style, y = text.get("class", ""), float(text.get("y", "0"))
        spans = text.findall(f"{SVG}tspan")
        if not spans:
            lines.append((float(text.get("x", "0")), y, style, text.text or ""))
        for span in spans:
            y += float(span.get("dy", "0"))
            lines.append((float(span.get("x", "0")), y, style, (span.text or "").rstrip()))
    return lines


def drawn_width(style: str, words: str) -> float:
    """How wide a line is in the metrics of the ledger's fonts."""
    heavy = {"speaker", "outlet", "title", "head", "lost", "deny", "sum"}
    bold = bool(heavy & set(style.split())) and "unknown" not in style
    spacing = 0.9 * len(words) if "head" in style else 0
    return measure(words, FONT_SIZES[style.split(maxsplit=1)[0]], bold=bold) + spacing


def test_every_attribution_of_every_claim_is_one_mark() -> None:
    """Wide and narrow ledgers hold the same links: each mark once under each voice it follows."""
    scene = arrange(sample_rows.small(), language="fr")
    expected = sorted(
        mark.target for band in scene.bands for line in band.lines for mark in line.marks
    )
    spoken = sorted(
        mark.target for line in scene.lines for mark in line.marks if not mark.is_own_voice
    )
    for drawing in (ledger.draw_ledger(scene, "fr"), ledger_narrow.draw_narrow_ledger(scene, "fr")):
        targets = sorted(link.get("href", "")[1:] for link in parsed(drawing.body).iter(f"{SVG}a"))

        assert targets == expected
        assert set(spoken) <= set(targets)
        assert set(targets) == {mark.target for line in scene.lines for mark in line.marks}


def test_claims_stand_under_the_voice_that_makes_them() -> None:
    """A claim two voices make stands in both bands; an outlet's own version follows the speaker."""
    scene = arrange(sample_rows.small(), language="fr")
    bands = {
        band.voice.labels: [line.claim.label_fr for line in band.lines] for band in scene.bands
    }

    assert set(bands["Jorund Aksvelle",]) == {
        sample_rows.JOBS.label_fr,
        sample_rows.COST.label_fr,
    }
    assert bands["Ysaline Corvandre", "Jorund Aksvelle"] == [sample_rows.COST.label_fr]
    assert scene.bands[-1].voice.is_outlet
    assert [line.claim for line in scene.bands[-1].lines] == [sample_rows.TRIALS]


def test_text_stays_within_its_column() -> None:
    """No line is wider than the room its column has, in the fonts the widths are those of."""
    scene = arrange(sample_rows.small() + sample_rows.large(40), language="fr")
    limits = {"speaker": 190, "claim": 470, "outlet": ledger.WIDTH - ledger.OUTLET_X, "via": 140}
    for x, _, style, words in texts(parsed(ledger.draw_ledger(scene, "fr").body)):
        assert x + drawn_width(style, words) <= ledger.WIDTH
        assert drawn_width(style, words) <= limits.get(style.split()[0], ledger.WIDTH)
    for x, _, style, words in texts(parsed(ledger_narrow.draw_narrow_ledger(scene, "fr").body)):
        assert x + drawn_width(style, words) <= ledger_narrow.NARROW_WIDTH


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_lines_of_text_lie_on_each_other(language: str) -> None:
    """Boxes of text do not overlap, in the wide ledger and in the narrow one."""
    scene = arrange(sample_rows.small() + sample_rows.large(40), language=language)
    for drawing in (
        ledger.draw_ledger(scene, language),
        ledger_narrow.draw_narrow_ledger(scene, language),
    ):
        lines = sorted(texts(parsed(drawing.body)), key=lambda line: line[1])
        for index, (x, y, style, words) in enumerate(lines):
            for other_x, other_y, other_style, other_words in lines[index + 1 :]:
                if other_y - y >= 10:
                    break
                apart = (
                    other_x >= x + drawn_width(style, words) - 0.5
                    or x >= other_x + drawn_width(other_style, other_words) - 0.5
                )
                assert apart, (words, other_words)


def test_untangling_never_adds_a_crossing() -> None:
    """The order found crosses no more curves than the order given."""
    for band in arrange(sample_rows.large(120), language="fr").bands:
        given = list(dict.fromkeys(mark.outlet for line in band.lines for mark in line.marks))
        lines, columns = untangle(band.lines)

        assert crossings(lines, columns) <= crossings(band.lines, given)
        assert sorted(line.claim.iri for line in lines) == sorted(
            line.claim.iri for line in band.lines
        )


def test_untangling_finds_the_order_without_crossings() -> None:
    """Two claims given against the order of their outlets are turned round."""
    swapped = [
        sample_rows.row("beacon", 1, "direct", "one", sample_rows.LINE, **sample_rows.MINISTER),
        sample_rows.row("ledger", 2, "direct", "two", sample_rows.COST, **sample_rows.MINISTER),
        sample_rows.row("beacon", 3, "direct", "three", sample_rows.FIRST, **sample_rows.MINISTER),
    ]
    (band,) = arrange(swapped, language="fr").bands

    assert crossings(*untangle(band.lines)) == 0


def test_boxes_are_spread_without_overlap() -> None:
    """Each box stands below the one before it, and where it wants to stand if it can."""
    wanted, heights = [5.0, 6.0, 7.0, 200.0], [20.0, 30.0, 10.0, 8.0]
    tops = spread(wanted, heights, 0)

    assert all(
        top + height <= after for (top, after), height in zip(pairwise(tops), heights, strict=False)
    )
    assert tops[-1] == 196


def test_every_form_has_a_glyph_and_a_line_of_its_own() -> None:
    """Shapes and dash patterns differ from form to form, without any colour."""
    style = files("kg.export").joinpath("assets", "ledger.css").read_text(encoding="utf-8")
    forms = [form.value for form in Form]
    colourless = [re.sub(r" (said|own)\b|-(said|own)\b", "", glyph(form, 0, 0)) for form in forms]
    dashes = [re.search(rf"\.line-{form} \{{([^}}]*)\}}", style)[1] for form in forms]
    patterns = [tuple(re.findall(r"stroke-dasharray: ([^;]+)", dash)) for dash in dashes]

    assert len(set(colourless)) == len(forms)
    assert len(set(patterns)) == len(forms)
    assert curve("direct", "M0 0H9", relayed=True).count("<path") == 2
    assert glyph("direct", 0, 0, relayed=True) != glyph("direct", 0, 0)


def test_a_denial_is_struck_through_and_says_who_denies() -> None:
    """A bar crosses the mark of a denial and of nothing else; the words name the one who denies."""
    scene = arrange(sample_rows.denied(), language="en")
    said = sum(not mark.is_denial for band in scene.bands for ln in band.lines for mark in ln.marks)
    for drawing in (ledger.draw_ledger(scene, "en"), ledger_narrow.draw_narrow_ledger(scene, "en")):
        links = list(parsed(drawing.body).iter(f"{SVG}a"))
        barred = [link for link in links if link.find(f"{SVG}path[@class='deny-bar']") is not None]
        told = ["".join(text.text or "" for text in link.iter(f"{SVG}text")) for link in barred]

        assert len(links) - len(barred) == said
        assert len(barred) >= 3
        assert all("denies" in words for words in told)
        assert all(", " in link.get("aria-label", "") for link in barred)
        assert all("denies" in link.get("aria-label", "") for link in barred)
        assert "denied by Mévenn Tardouël" in drawing.body
        assert "denied by Ysaline Corvandre" in drawing.body
    assert glyph("direct", 0, 0, denied=True) != glyph("direct", 0, 0)


def test_an_outlet_that_denies_in_its_own_voice_is_named() -> None:
    """One outlet's denial is not laid to the outlets that say the claim in their own voice."""
    rows = sample_rows.denied()
    own = sample_rows.row("beacon", 990, "authorial", "Les horaires viendront.", sample_rows.BOOK)
    lines = {line.claim: line for line in arrange([*rows, own], language="en").lines}

    assert told_by(lines[sample_rows.BOOK], "en") == [
        ("Ysaline Corvandre", "denies"),
        ("unidentified outlet · Staff report", "denies"),
    ]
    assert told_by(lines[sample_rows.JOBS], "fr") == [
        ("Jorund Aksvelle", ""),
        ("Mévenn Tardouël", "nie"),
    ]


def test_the_svg_counts_denials_in_its_legend() -> None:
    """The legend of the drawing has the struck mark and its number, and only where it occurs."""
    drawn = render_svg(sample_rows.denied(), title="Ferry", language="en")

    assert f"3 {word('ui', 'legend_denied', 'en')}" in drawn
    assert word("ui", "legend_denied", "en") not in render_svg(
        sample_rows.small(), title="Ferry", language="en"
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_denials_stay_within_their_columns(language: str) -> None:
    """What a denial adds lies on no other text."""
    scene = arrange(sample_rows.denied(), language=language)
    for drawing in (
        ledger.draw_ledger(scene, language),
        ledger_narrow.draw_narrow_ledger(scene, language),
    ):
        boxes = [
            (x, x + drawn_width(style, words), y, words)
            for x, y, style, words in texts(parsed(drawing.body))
        ]
        for index, (left, right, y, words) in enumerate(boxes):
            for other_left, other_right, other_y, other in boxes[index + 1 :]:
                across = min(right, other_right) - max(left, other_left)
                assert across <= 1 or abs(y - other_y) >= 11, (words, other)


def test_speakers_of_attributions_without_claims_are_counted() -> None:
    """The number of speakers is that of the rows, whether or not a claim is drawn."""
    rows = sample_rows.small()
    silent = sample_rows.row(
        "beacon", 900, "direct", "Bonjour", **sample_rows.speaker("Ilse Ruvik")
    )
    own = sample_rows.row("beacon", 950, "authorial", "Bref.", **sample_rows.speaker("Le Fanal"))
    before = arrange(rows, language="fr").totals["total_speakers"]

    assert arrange([*rows, silent, own], language="fr").totals["total_speakers"] == before + 1


def test_unidentified_outlets_are_named_as_such_and_kept_apart() -> None:
    """Each has a column of its own, named by byline or slug; equal bylines are told apart."""
    scene = arrange(sample_rows.small(), language="fr")
    unknown = [outlet for outlet in scene.outlets if not outlet.is_known]

    assert {outlet_label(outlet, "en") for outlet in unknown} == {
        "unidentified outlet · Staff report",
        "unidentified outlet · line",
    }

    twins = [
        sample_rows.row(
            slug, 1, "direct", "x", sample_rows.LINE, byline="Amen K.", **sample_rows.MINISTER
        )
        for slug in ("quay", "line")
    ]

    assert {outlet.name for outlet in arrange(twins, language="fr").outlets} == {
        "Amen K. (quay)",
        "Amen K. (line)",
    }


def test_withdrawn_attributions_are_not_drawn() -> None:
    """A retracted and a rejected attribution count nowhere and have no mark."""
    rows = sample_rows.small()
    scene = arrange(rows, language="fr")

    assert len(scene.withdrawn) == 2
    assert scene.totals["total_attributions"] == len(rows) - 2
    assert sample_rows.BOOK not in [line.claim for line in scene.lines]
    assert sample_rows.BOOK.label_fr not in render_svg(rows, title="t")


def test_a_lost_attribution_needs_two_outlets() -> None:
    """Own voice beside a speaker counts as lost only where they are two outlets."""

    def lost(own: str, spoken: str) -> bool:
        rows = [
            sample_rows.row(own, 1, "authorial", "x", sample_rows.LINE),
            sample_rows.row(spoken, 9, "direct", "y", sample_rows.LINE, **sample_rows.MINISTER),
        ]
        return arrange(rows, language="fr").lines[0].is_lost

    assert lost("ledger", "beacon")
    assert not lost("beacon", "beacon")


def test_equal_words_for_unidentified_speakers_of_two_texts_are_two_voices() -> None:
    """« les pêcheurs » of one text need not be those of another."""
    rows = [
        sample_rows.row(slug, 1, "indirect", "x", sample_rows.NETS, unresolved="les pêcheurs")
        for slug in ("line", "quay")
    ]

    assert len(arrange(rows, language="fr").bands) == 2


@pytest.mark.parametrize("style", ["small", "large", "hostile"])
def test_the_same_rows_in_any_order_give_the_same_svg(style: str) -> None:
    """Shuffling changes no byte."""
    rows = getattr(sample_rows, style)()
    shuffled = list(rows)
    random.Random(7).shuffle(shuffled)

    assert render_svg(rows, title="t") == render_svg(shuffled, title="t")


def test_the_hash_seed_changes_no_byte() -> None:
    """Pictures made under three hash seeds are one picture."""
    program = (
        "import hashlib; from tests.export.sample_rows import small, large;"
        "from kg.export.svg import render_svg; from kg.export.html import render_page;"
        "rows = small() + large(60);"
        "print(hashlib.sha256((render_svg(rows, title='t') + render_page(rows, title='t'))"
        ".encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=files("kg").joinpath(".."),
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(seen) == 1


def test_the_svg_stands_alone() -> None:
    """It parses as XML, names no other file, no variable and no script."""
    drawn = render_svg(sample_rows.small(), title="Le bac & <les autres>")
    root = tree(drawn)

    assert root.find(f"{SVG}title").text == "Le bac & <les autres>"
    assert "var(" not in drawn
    assert "url(" not in drawn
    assert not list(root.iter(f"{SVG}script"))
    assert all(
        value.startswith("#")
        for element in root.iter()
        for name, value in element.attrib.items()
        if name.endswith("href")
    )


def test_hostile_text_stays_text_in_svg() -> None:
    """Markup, overrides, controls and lone surrogates come out as visible characters."""
    drawn = render_svg(sample_rows.hostile(), title=sample_rows.HOSTILE)
    root = tree(drawn)

    assert "[U+202E]" in drawn
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\ud800-\udfff]", drawn)
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}img"))
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_counts_stand_in_for_a_ledger_that_is_too_long() -> None:
    """At fourfold the limit claims are drawn, one above it the counts alone, which say so."""
    at_limit = render_svg(sample_rows.large(80), title="t", language="en", limit=20)
    above = render_svg(sample_rows.large(81), title="t", language="en", limit=20)

    assert 'class="mark"' in at_limit
    assert 'class="mark"' not in above
    assert "81 claims: above 80 the ledger can no longer be read" in " ".join(
        words for _, _, _, words in texts(tree(above))
    )


def test_of_many_claims_the_shared_are_drawn_unless_all_are_asked_for() -> None:
    """The drawing that fits a page leaves out what one outlet alone carries."""
    rows = sample_rows.large(60)
    shared = {
        mark.row.key
        for line in arrange(rows, language="fr").lines
        if line.outlet_count > 1
        for mark in line.marks
    }
    page = render_svg(rows, title="t")
    whole = render_svg(rows, title="t", everything=True)

    assert 0 < len(shared) < len(rows)
    assert {key for key in shared if attribute_id("#q", key) in page} == shared
    assert not [
        row for row in rows if row.key not in shared and attribute_id("#q", row.key) in page
    ]
    assert not [row for row in rows if attribute_id("#q", row.key) not in whole]


def test_counts_add_up_to_every_attribution() -> None:
    """Shown cells, what columns leave out and what rows leave out sum to the whole."""
    scene = arrange(sample_rows.large(500), language="fr")
    counts = count(scene, outlets=3)

    assert counts.more_outlets == 2
    assert counts.total == len(scene.rows)
    assert sum(counts.sums) == counts.total
    assert all(
        sum(counts.cells[index]) + counts.rest(index) == counts.sums[index]
        for index in range(len(counts.voices))
    )


def test_an_empty_collection_is_drawn_as_such() -> None:
    """No rows give a picture that says so rather than a fault."""
    words = " ".join(line[3] for line in texts(tree(render_svg([], title="t"))))

    assert "Aucune attribution" in words


def test_an_unknown_language_is_refused_in_one_line() -> None:
    """The message names the languages there are."""
    with pytest.raises(UsageError, match=r"'de'; choose one of: fr, en$"):
        render_svg([], title="t", language="de")


@pytest.mark.parametrize(
    ("heading", "members"),
    [
        ("form", Form),
        ("form_long", Form),
        ("modality", Modality),
        ("illocution", Illocution),
        ("stance", Stance),
        ("polarity", Polarity),
        ("speaker_kind", SpeakerKind),
    ],
)
def test_every_value_of_a_vocabulary_has_its_words(heading: str, members) -> None:
    """No value is shown raw; an unknown one stands for itself."""
    assert set(_table()[heading]) == {member.value for member in members}
    assert word(heading, "never heard of", "fr") == "never heard of"


def test_lines_are_broken_to_width_and_lose_nothing() -> None:
    """Wrapped text fits and keeps every character but spaces at breaks; no-break spaces hold."""
    text = "Le bac est le premier service public — « pont flottant » — anticonstitutionnellement"
    lines = wrap(text, 90, 15)

    assert all(measure(line, 15) <= 90 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("", 90, 15) == []
    assert wrap("a\u00a0b c", measure("a b", 15), 15) == ["a\u00a0b", "c"]
    assert fit("short", 200, 12) == "short"
    assert measure(fit(text, 100, 12), 12) <= 100


def test_a_mark_is_named_by_what_is_seen_first() -> None:
    """Outlet and relay open the name, the quote's beginning ends it."""
    scene = arrange(sample_rows.small(), language="en")
    line = next(line for line in scene.lines if line.claim == sample_rows.JOBS)

    assert mark_name(line.marks[0], "en").startswith("L’Estran via Radio Brévalis, direct quote : ")
    assert shorten("a" * 200, 10) == "a" * 9 + "…"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast(scheme: str) -> None:
    """Every colour of text keeps 4.5 : 1 on every ground (WCAG 2.2, 1.4.3)."""
    named = colours(scheme)

    for text in ("ink", "soft", "speech", "own", "alert"):
        for ground in ("paper", "raised", "tint", "glow"):
            assert contrast(named[text], named[ground]) >= 4.5, (text, ground)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours as WCAG defines it."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_shipped_fonts_are_the_ones_named() -> None:
    """The bytes of the fonts are those of Arimo 1.341, with their licence beside them."""
    folder = files("kg.export").joinpath("assets")
    digests = [hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in FONTS]

    assert digests == [
        "88cc899855d30f9c779b73c3319d0e077b098f927187aafce11ca029add707a6",
        "ec96ac9fdd94766f66f6140c1375bf011577558f88d43f76b3b59307d2a6bca3",
    ]
    assert "SIL OPEN FONT LICENSE Version 1.1" in folder.joinpath("Arimo-OFL.txt").read_text()


def test_a_png_shows_text_whatever_fonts_the_machine_has() -> None:
    """System fonts are never read, and yet ink and blank text give different images."""
    pytest.importorskip("resvg_py", reason="the extra [png] is not installed")
    drawn = render_svg(sample_rows.small(), title="Le bac")
    blank = re.sub(r"<text.*?</text>", "", drawn)
    image = render_png(drawn, 1)

    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(image) > 1.3 * len(render_png(blank, 1))
    assert image == render_png(drawn, 1)


@pytest.mark.parametrize("scale", [0, -1, 1e9, float("nan")])
def test_a_png_of_impossible_size_is_refused(scale: float) -> None:
    """A scale that gives nothing, or more than a viewer opens, is told in one line."""
    pytest.importorskip("resvg_py", reason="the extra [png] is not installed")
    with pytest.raises(UsageError, match="choose another scale"):
        render_png(render_svg([], title="t"), scale)
