"""The figures of extraction do not fall: measured where the annotated articles are at hand."""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = ("news_dev.jsonl", "en_train.jsonl", "de_train.jsonl")
INVENTED = sorted((Path(__file__).parent / "articles").rglob("*.jsonl"))


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """Load the benchmark as a module."""
    spec = importlib.util.spec_from_file_location(
        "extraction_benchmark", ROOT / "benchmarks" / "extraction.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extraction_benchmark"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_no_figure_is_below_its_floor(name: str, benchmark: ModuleType) -> None:
    """Every pinned figure of a gold file is reached."""
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the annotated articles {name} are not beside the project")
    digest, found, _ = benchmark.measure(path)

    assert benchmark.shortfalls(digest, found) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", INVENTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_figure_of_an_invented_article_is_below_its_floor(
    path: Path, benchmark: ModuleType
) -> None:
    """Every invented article has pinned figures, and reaches them."""
    digest, found, _ = benchmark.measure(path)

    assert digest in tomllib.loads(benchmark.FLOORS.read_text(encoding="utf-8"))
    assert benchmark.shortfalls(digest, found) == []


def scored(benchmark: ModuleType, gold: dict[str, Any], predicted: list[dict[str, Any]]) -> Any:
    """Score one document."""
    tally = benchmark.Tally()
    benchmark.score(gold, predicted, tally, 0.8)
    return tally.counts


def quote(text: str, words: str, kind: str = "direct", **more: Any) -> dict[str, Any]:
    """Make a quote of some words of a text."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "kind": kind, **more}


def test_marks_and_complementizers_do_not_count(benchmark: ModuleType) -> None:
    """A span with its marks or its `que` equals the same span without."""
    text = "Elle dit que « la nuit tombe »."
    gold = {"text": text, "lang": "fr", "quotes": [quote(text, "la nuit tombe", speaker=None)]}
    counts = scored(benchmark, gold, [quote(text, "que « la nuit tombe »")])

    assert (counts["hit gold"], counts["end to end gold"]) == (1, 1)


def test_one_span_finds_a_whole_group(benchmark: ModuleType) -> None:
    """The fragments of a split quote are found by one span over all of them."""
    text = "“One two three four five six seven,” he said, “eight nine ten eleven twelve thirteen.”"
    parts = [
        quote(text, "One two three four five six seven", group="g"),
        quote(text, "eight nine ten eleven twelve thirteen", group="g"),
    ]
    gold = {"text": text, "lang": "en", "quotes": parts}
    counts = scored(benchmark, gold, [quote(text, text)])

    assert (counts["hit gold"], counts["hit predicted"]) == (2, 1)


def test_an_optional_quote_is_neither_required_nor_wrong(benchmark: ModuleType) -> None:
    """A prediction on it leaves no trace in the counts."""
    text = "He hopes to win the race."
    gold = {
        "text": text,
        "lang": "en",
        "quotes": [quote(text, "to win the race", "indirect", optional=True)],
    }
    counts = scored(benchmark, gold, [quote(text, "to win the race", "indirect")])

    assert (counts["gold"], counts["predicted"]) == (0, 0)


def test_a_name_is_right_by_its_words(benchmark: ModuleType) -> None:
    """`M. Diop` and `Abdou Diop` are one; a sentence is no mention."""
    assert benchmark.same_name("M. Diop", "Abdou Diop")
    assert not benchmark.same_name("Awa Sy", "Abdou Diop")
    wanted = {"speaker": {"start": 0, "end": 4, "text": "Diop"}, "speaker_canonical": None}
    long = {"speaker": {"start": 0, "end": 200, "text": "Diop" + " x" * 98}}
    assert not benchmark.is_speaker_right(wanted, long)


def test_a_lower_figure_is_told(benchmark: ModuleType, tmp_path: Path) -> None:
    """A pinned figure that is not reached gives one line."""
    benchmark.FLOORS = tmp_path / "floors.toml"
    benchmark.pin("x.jsonl", "ab", {"fr": {"span f1": 0.9}})

    assert benchmark.shortfalls("ab", {"fr": {"span f1": 0.9}}) == []
    assert len(benchmark.shortfalls("ab", {"fr": {"span f1": 0.5}})) == 1
    assert json.dumps([]) == json.dumps(benchmark.shortfalls("unknown", {}))
