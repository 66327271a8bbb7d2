"""Rows to draw: a small fictional collection, a large synthetic one, and one of hostile texts."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kg.graph.rows import AttributionRow, ClaimRow
from kg.model import content_id

BASE = "https://example.org/id/"


def claim(name: str, french: str, english: str) -> ClaimRow:
    """Make a claim whose identity is its name."""
    return ClaimRow(
        f"{BASE}claim/{content_id('claim', name)}",
        french,
        english,
        f"{BASE}topic/{name}",
        "https://example.org/predicate#opens",
        f"{BASE}topic/line",
    )


LINE = claim(
    "line",
    "la ligne de bac — ouvre le — 1er septembre",
    "the ferry line — opens on — 1 September",
)
FIRST = claim(
    "first",
    "le bac — est le premier service public partagé par — les deux rives du détroit de Lurve "
    "(depuis : la fermeture du pont)",
    "the ferry — is the first public service shared by — the two shores of the strait "
    "(since: the closing of the bridge)",
)
COST = claim(
    "cost", "la ligne — coûte — 42 millions de florins", "the line — costs — 42 million florins"
)
JOBS = claim("jobs", "personne — ne perdra — son emploi", "nobody — will lose — their job")
NETS = claim(
    "nets", "le tracé du bac — menace — les filets", "the ferry’s route — endangers — the nets"
)
TRIALS = claim(
    "trials", "le navire — est déjà — en essais", "the vessel — is already in — sea trials"
)
BRIDGE = claim("bridge", "le bac — est — un pont flottant", "the ferry — is — a floating bridge")
BOOK = claim(
    "book", "les horaires — seront fixés — avant l’été", "timetables — will be set — before summer"
)

DOCUMENTS = {
    "beacon": (
        "Le bac est signé",
        "fr",
        "outlet/beacon",
        "Le Fanal",
        True,
        "Anouk D.",
        "2024-05-14",
    ),
    "ledger": (
        "A ferry deal, at last",
        "en",
        "outlet/ledger",
        "The Shore Ledger",
        True,
        "",
        "2024-05-15",
    ),
    "estran": (
        "Les pêcheurs attendent",
        "fr",
        "outlet/estran",
        "L’Estran",
        True,
        "Corentin V.",
        "2024-05",
    ),
    "quay": ("Quayside notes", "en", "outlet/unidentified-aa", "", False, "Staff report", ""),
    "line": ("Une nouvelle ligne", "fr", "outlet/unidentified-bb", "", False, "", ""),
}


def row(
    slug: str, start: int, form: str, quote: str, *claims: ClaimRow, **given: object
) -> AttributionRow:
    """Make one attribution of a document of `DOCUMENTS`; what is not given is plain."""
    title, language, outlet, name, known, byline, published = DOCUMENTS[slug]
    sha256 = hashlib.sha256(slug.encode()).hexdigest()
    key = content_id("attribution", slug, str(start), form, str(given.get("speakers", "")))
    document = f"{BASE}text/{sha256[:16]}"
    plain = AttributionRow(
        iri=f"{document}/attribution/{key}",
        key=key,
        identifier=f"{slug}#a{start}",
        document_iri=document,
        slug=slug,
        title=title,
        language=language,
        sha256=sha256,
        published=published,
        outlet_iri=BASE + outlet,
        outlet=name,
        outlet_known=known,
        byline=byline,
        speakers=(),
        speaker_iris=(),
        unresolved="",
        speaker_kind="named-person",
        role="",
        mention="",
        resolution_basis="",
        cue="",
        form=form,
        illocution="assertion",
        polarity="affirmed",
        modality="certain",
        reporter_modality="certain",
        stance="neutral",
        quote=quote,
        spans=((start, start + len(quote)),),
        claims=claims,
        utterance_iri="",
        utterance="",
        utterance_date="",
        chain=(),
        chain_iris=(),
        review_status="machine-only",
        confidence=None,
        run="by hand",
        retracted=False,
        note="",
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def speaker(*names: str) -> dict[str, tuple[str, ...]]:
    """Give the speaker fields for agents of these names."""
    return {
        "speakers": names,
        "speaker_iris": tuple(f"{BASE}agent/{name.lower().replace(' ', '-')}" for name in names),
    }


MINISTER = speaker("Ysaline Corvandre")
TRANSPORT = speaker("Jorund Aksvelle")
FISHER = speaker("Mévenn Tardouël")
RADIO = {"chain": ("Radio Brévalis",), "chain_iris": (f"{BASE}source/radio",)}


def small() -> list[AttributionRow]:
    """Give one row or more of every form, a relay, a lost attribution, and withdrawn rows."""
    return [
        row(
            "beacon",
            120,
            "direct",
            "Ce bac est le premier service public que nos deux rives partagent",
            FIRST,
            **MINISTER,
            role="présidente de la Régie portuaire",
            cue="a souligné",
            stance="emphatic",
        ),
        row(
            "ledger",
            88,
            "mixed",
            "called the ferry “the first public service our two shores have shared”",
            FIRST,
            **MINISTER,
            role="ports minister",
            cue="called",
        ),
        row(
            "line",
            40,
            "authorial",
            "le premier service public partagé par les deux rives",
            FIRST,
            speaker_kind="outlet-voice",
        ),
        row(
            "beacon",
            300,
            "indirect",
            "La ligne ouvrira le 1er septembre",
            LINE,
            **MINISTER,
            cue="a annoncé",
            illocution="announcement",
            modality="planned",
        ),
        row(
            "ledger",
            210,
            "authorial",
            "The line opens on 1 September.",
            LINE,
            speaker_kind="outlet-voice",
        ),
        row(
            "quay",
            15,
            "unmarked-direct",
            "We sail on the first of September and not a day later",
            LINE,
            **MINISTER,
        ),
        row(
            "beacon",
            420,
            "indirect",
            "le coût de la ligne, 42 millions de florins, serait partagé",
            COST,
            **speaker("Ysaline Corvandre", "Jorund Aksvelle"),
            reporter_modality="conditional",
        ),
        row(
            "ledger",
            350,
            "indirect",
            "the line will cost 42 million",
            COST,
            **TRANSPORT,
            modality="planned",
        ),
        row(
            "estran",
            60,
            "direct",
            "personne, sur aucune rive, ne perdra son emploi",
            JOBS,
            **TRANSPORT,
            **RADIO,
            modality="planned",
            illocution="commitment",
        ),
        row(
            "quay",
            150,
            "indirect",
            "nobody would lose a job",
            JOBS,
            **TRANSPORT,
            **RADIO,
            modality="planned",
        ),
        row(
            "estran",
            180,
            "free-indirect",
            "Deux rotations par jour, c’est deux fois le risque d’y laisser un filet.",
            NETS,
            **FISHER,
            role="secrétaire de la Fédération des pêcheurs",
        ),
        row(
            "line",
            90,
            "indirect",
            "les pêcheurs craignent pour leurs filets",
            NETS,
            unresolved="les pêcheurs",
            speaker_kind="collective",
        ),
        row(
            "quay",
            260,
            "authorial",
            "The vessel, reportedly, has already passed its sea trials.",
            TRIALS,
            reporter_modality="hearsay",
            speaker_kind="outlet-voice",
        ),
        row(
            "estran",
            400,
            "authorial",
            "Le navire serait, paraît-il, déjà en essais.",
            TRIALS,
            reporter_modality="hearsay",
            speaker_kind="outlet-voice",
        ),
        row(
            "beacon",
            600,
            "scare-quote",
            "pont flottant",
            BRIDGE,
            unresolved="",
            speaker_kind="unnamed",
        ),
        row(
            "estran",
            520,
            "direct",
            "Vous aurez vos horaires avant l’été",
            BOOK,
            **FISHER,
            retracted=True,
            note="wrong speaker",
        ),
        row("estran", 530, "direct", "avant l’été", BOOK, **TRANSPORT, review_status="rejected"),
    ]


def denied() -> list[AttributionRow]:
    """Give the small collection and three denials: alone, of what another says, through a relay."""
    return [
        *small(),
        row(
            "estran",
            700,
            "direct",
            "Non, cela coûtera des emplois",
            JOBS,
            **FISHER,
            polarity="denied",
        ),
        row(
            "ledger",
            700,
            "indirect",
            "she denied that timetables would be set by summer",
            BOOK,
            **MINISTER,
            **RADIO,
            polarity="denied",
        ),
        row("quay", 700, "authorial", "No timetable is coming.", BOOK, polarity="denied"),
    ]


def large(claims: int = 500) -> list[AttributionRow]:
    """Give many claims of many speakers, spread over the five outlets by arithmetic alone."""
    slugs = tuple(DOCUMENTS)
    forms = ("direct", "indirect", "mixed", "unmarked-direct", "authorial")
    rows = []
    for number in range(claims):
        made = claim(
            f"n{number}",
            f"l’affirmation {number} — dit — une chose",
            f"claim {number} — says — a thing",
        )
        for turn in range(1 + number % 3):
            form = forms[(number + turn) % 5]
            who = {} if form == "authorial" else speaker(f"Speaker {number % 37}")
            slug = slugs[(number + turn) % 5]
            rows.append(
                row(slug, number * 100 + turn, form, f"words {number} of {turn}", made, **who)
            )
    return rows


HOSTILE = (
    "</script><script>alert(1)</script>\u202egnp.exe\u2066\x00\ud800<img src=x onerror=alert(1)>"
)


def hostile() -> list[AttributionRow]:
    """Give rows in which every text field attacks the page."""
    bad = ClaimRow(
        "javascript:alert(1)", HOSTILE, HOSTILE + " en", "javascript:alert(2)", "p", HOSTILE
    )
    attack = replace(
        row("beacon", 1, "direct", HOSTILE, bad),
        speakers=(HOSTILE,),
        speaker_iris=("javascript:alert(3)",),
        role=HOSTILE,
        mention=HOSTILE,
        cue=HOSTILE,
        title=HOSTILE,
        outlet=HOSTILE,
        byline=HOSTILE,
        slug=HOSTILE,
        note=HOSTILE,
        identifier=HOSTILE,
        chain=(HOSTILE,),
        chain_iris=("javascript:alert(4)",),
        run=HOSTILE,
        outlet_iri="javascript:alert(5)",
        language='fr" onload="alert(6)',
        modality=HOSTILE,
        key='x" onclick="alert(7)',
        sha256=HOSTILE,
        published=HOSTILE,
    )
    return [attack, *small()]
