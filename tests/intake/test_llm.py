"""A model is asked only on request, believed in nothing that is not verbatim, and may fail."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.cli import _run
from kg.errors import ModelServiceError, UsageError
from kg.intake.add import rules_digest
from kg.intake.document import Captured, capture
from kg.intake.formats.article import Article
from kg.intake.llm import ModelMaker, join, prompt_digest, prompt_text, read_answer
from kg.intake.llm_http import Endpoint, chat
from kg.intake.proposal import Proposal, Speaker, TextSpan
from kg.project import Project
from kg.records import load_collection

TEXT = (
    "Le bac partira à l’heure, a dit Ada Lund.\nSelon RFI, le prix baissera.\n"
    "Lire aussi : Un pont\n"
)
Answer = Callable[[BaseHTTPRequestHandler, dict[str, object]], None]


class Server:
    """A local server that speaks the chat protocol, and answers from a queue."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Gives the next answer."""

            def do_POST(self) -> None:
                """Answer one request."""
                length = int(self.headers["Content-Length"])
                outer.asked.append(json.loads(self.rfile.read(length)))
                outer.keys.append(self.headers.get("Authorization"))
                outer.answers.pop(0)(self, outer.asked[-1])

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def says(self, content: object, **more: object) -> None:
        """Answer with these words next."""
        words = content if isinstance(content, str) else json.dumps(content)
        body = {
            "choices": [{"message": {"content": words}, "finish_reason": more.get("stop", "stop")}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20},
        }
        self.sends(200, json.dumps(body).encode())

    def sends(self, status: int, body: bytes, *, promised: int | None = None) -> None:
        """Answer with these bytes next."""

        def answer(handler: BaseHTTPRequestHandler, asked: dict[str, object]) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body) if promised is None else promised))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers.append(answer)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port of this machine."""
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def captured(text: str = TEXT) -> Captured:
    """A text as an article."""
    return capture(Article("p", "bac", text, text.encode(), "plain text", "text", language="fr"))


def maker(server: Server, folder: Path | None = None, seconds: float = 5) -> ModelMaker:
    """A model at the server."""
    return ModelMaker(Endpoint(server.url, "small", "secret", seconds), folder)


def listed(*quotes: str, **fields: object) -> dict[str, object]:
    """An answer with these quotes."""
    return {"attributions": [{"quote": quote, "form": "direct", **fields} for quote in quotes]}


def rule(start: int, end: int, name: str = "Ada Lund") -> Proposal:
    """A proposal of the rules."""
    return Proposal(
        (TextSpan(start, end),), "Indirect", "cue.that", 0.8, speaker=Speaker(None, name)
    )


def test_a_verbatim_quote_becomes_a_proposal(server: Server) -> None:
    """With its place, its cue, its speaker, and the model's mark on its rule."""
    server.says(
        listed("Le bac partira à l’heure", speaker="Ada Lund", mention="Ada Lund", cue="a dit")
    )

    made, run = maker(server).make(captured(), [])

    assert [item.content[0].of(TEXT) for item in made] == ["Le bac partira à l’heure"]
    assert made[0].rule == "model.Direct"
    assert made[0].speaker.canonical == "Ada Lund"
    assert (made[0].cue or TextSpan(0, 0)).of(TEXT) == "a dit"
    assert (run.id, run.agent, run.ruleset) == ("model", "small", prompt_digest())


def test_the_request_carries_prompt_text_and_key(server: Server) -> None:
    """Boilerplate is blanked out of what is sent; the key goes in its header alone."""
    server.says(listed())

    maker(server).make(captured(), [])

    system, user = server.asked[0]["messages"]  # type: ignore[misc]
    assert system["content"] == prompt_text().replace("{language}", "fr")
    assert "Un pont" not in user["content"]
    assert "le prix baissera" in user["content"]
    assert server.keys == ["Bearer secret"]
    assert "secret" not in repr(Endpoint(server.url, "small", "secret"))


@pytest.mark.parametrize(
    "quote",
    [
        "Le bac partira à l'heure",
        "le bac partira",
        "Le bac partira demain",
        "The ferry will leave on time",
        "Un pont",
        "Le  bac",
        "",
        "«»",
    ],
)
def test_an_invented_quote_is_refused_and_counted(server: Server, quote: str) -> None:
    """Another apostrophe, another case, a translation, boilerplate: not verbatim, not taken."""
    server.says(listed(quote))
    model = maker(server)

    made, run = model.make(captured(), [])

    assert made == []
    assert model.refused == 1
    assert "1 refused (not verbatim in the text)" in model.told()
    assert run.note == "1 quotes refused: not verbatim"


def test_an_invented_speaker_is_not_taken(server: Server) -> None:
    """A name the text does not hold is nobody's; nor is a relay or a cue it does not hold."""
    server.says(
        listed(
            "le prix baissera",
            speaker="Tor Vik",
            mention="Tor Vik",
            cue="a juré",
            chain=["AFP", "RFI"],
        )
    )

    made, _ = maker(server).make(captured(), [])

    assert made[0].speaker.canonical == ""
    assert made[0].speaker.mention is None
    assert made[0].cue is None
    assert made[0].chain == ("RFI",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Sorry, I cannot.", "holds no JSON"),
        ('{"quotes": []}', "no list of attributions"),
        ('{"attributions": "none"}', "no list of attributions"),
        ('{"attributions": [{"quote": "Le ba', "cut short before its first item"),
        ("[" * 100_000 + "{", "no JSON, or was cut short"),
    ],
)
def test_a_malformed_answer_leaves_the_rules_alone(
    server: Server, content: str, words: str
) -> None:
    """The fault is told, the rules' proposals stand."""
    server.says(content)
    model = maker(server)

    made, _ = model.make(captured(), [rule(0, 24)])

    assert made == [rule(0, 24)]
    assert words in model.told()


@pytest.mark.parametrize(
    "body", [b"<html>busy</html>", b"{}", b'{"choices": []}', b"[]", b"null", b""]
)
def test_an_answer_outside_the_protocol_is_told(server: Server, body: bytes) -> None:
    """Whatever a proxy says instead."""
    server.sends(200, body)

    with pytest.raises(ModelServiceError, match="did not answer in the chat protocol"):
        chat(Endpoint(server.url, "small"), "p", "t")


def test_an_answer_without_words_is_told(server: Server) -> None:
    """A call of a tool is no answer."""
    server.sends(200, json.dumps({"choices": [{"message": {"content": None}}]}).encode())

    with pytest.raises(ModelServiceError, match="without words"):
        chat(Endpoint(server.url, "small"), "p", "t")


def test_a_refusal_is_told_with_its_number(server: Server) -> None:
    """A wrong key, a full queue."""
    server.sends(401, b'{"error": "bad key"}')

    with pytest.raises(ModelServiceError, match=r"answered 401: .*bad key"):
        chat(Endpoint(server.url, "small"), "p", "t")


def test_an_answer_that_breaks_off_is_told(server: Server) -> None:
    """Fewer bytes than promised are not the answer."""
    server.sends(200, b'{"choices": [', promised=5000)

    with pytest.raises(ModelServiceError, match=r"broke off|cannot be reached"):
        chat(Endpoint(server.url, "small"), "p", "t")


def test_a_truncated_answer_gives_its_whole_items(server: Server) -> None:
    """What was cut is counted, and not kept for next time."""
    whole = json.dumps(listed("le prix baissera"), ensure_ascii=False)
    server.says(whole[:-2] + ', {"quote": "Le bac part', stop="length")
    model = maker(server)

    made, _ = model.make(captured(), [])

    assert [item.content[0].of(TEXT) for item in made] == ["le prix baissera"]
    assert "1 answers cut short" in model.told()


def test_a_slow_answer_is_given_up(server: Server) -> None:
    """Silence, and an answer that comes in drops."""
    gone = threading.Event()

    def silent(handler: BaseHTTPRequestHandler, asked: dict[str, object]) -> None:
        gone.wait(5)

    def drops(handler: BaseHTTPRequestHandler, asked: dict[str, object]) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(40):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.02)

    server.answers = [silent, drops]
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(ModelServiceError, match=r"took longer than 0\.2 seconds"):
            chat(Endpoint(server.url, "small", seconds=0.2), "p", "t")
    gone.set()

    assert time.monotonic() - started < 4


def test_nobody_there_is_told_and_asked_no_more() -> None:
    """After three failures in a row of articles the model is left alone."""
    model = ModelMaker(Endpoint("http://127.0.0.1:9/v1", "small", seconds=1))

    for _ in range(6):
        assert model.join(captured(), [rule(0, 24)]) == [rule(0, 24)]

    assert model.asked == 3
    assert "cannot be reached" in model.told()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x", "localhost:1234"])
def test_only_web_addresses_are_asked(url: str) -> None:
    """No file is read by a model's address."""
    with pytest.raises(UsageError, match="starts with http"):
        chat(Endpoint(url, "small"), "p", "t")


def test_an_answer_is_kept_by_content(server: Server, tmp_path: Path) -> None:
    """The same text costs once; a damaged answer is asked again."""
    server.says(listed("le prix baissera"))
    server.says(listed("le prix baissera"))
    model = maker(server, tmp_path)

    first = model.join(captured(), [])
    second = model.join(captured(), [])
    next(tmp_path.glob("*.json")).write_text("{", encoding="utf-8")
    third = model.join(captured(), [])

    assert first == second == third
    assert (model.asked, model.from_cache, model.tokens_in, model.tokens_out) == (2, 1, 200, 40)


def test_a_long_text_is_asked_in_parts(server: Server) -> None:
    """Cut where lines end; each quote is looked for in its own part."""
    text = ("Une phrase sans rien de dit, encore une. " * 30 + "\n") * 15
    text += "Le prix baissera, a dit Ada Lund."
    server.says(listed("Le prix baissera"))
    server.says(listed("Le prix baissera"))
    model = maker(server)

    made = model.join(captured(text), [])

    assert [item.content[0].of(text) for item in made] == ["Le prix baissera"]
    assert (model.asked, model.refused) == (2, 1)


def test_a_quote_that_stands_twice_is_placed_twice_at_most() -> None:
    """Each place is used once; a third copy is refused."""
    text = "Oui. Non. Oui."
    answer = read_answer(json.dumps(listed("Oui", "Oui", "Oui")), text, TextSpan(0, len(text)))

    assert [item.start for item in answer.proposals] == [0, 10]
    assert answer.refused == ("Oui",)


def test_proposals_merge_by_span() -> None:
    """Where both found the words the rules' proposal stands, and says where the two differ."""
    model = [
        Proposal(
            (TextSpan(0, 23),), "Direct", "model.Direct", 0.5, speaker=Speaker(None, "Tor Vik")
        ),
        Proposal((TextSpan(53, 69),), "Indirect", "model.Indirect", 0.5),
    ]

    one, two = join([rule(0, 24)], model, "small")

    assert (one.rule, one.speaker.canonical) == ("cue.that", "Ada Lund")
    assert one.reasons == ("also proposed by small", "small names the speaker Tor Vik")
    assert (two.rule, two.reasons) == ("model.Indirect", ("proposed by small alone",))


def test_added_with_a_model_the_record_says_which_made_which(
    server: Server, project: Project, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two runs, each with its rules or prompt; an invented quote is counted, not kept."""
    server.says(listed("La préfète a reçu les pêcheurs", "Le bac coulera"))

    arguments = [
        "add",
        str(article),
        "--language",
        "fr",
        "--llm",
        server.url,
        "--llm-model",
        "small",
    ]
    assert _run(["-C", str(project.root), *arguments]) == 0

    loaded = load_collection(project)
    record = loaded.collection.records[0]
    made = {item.quotes[0]: item.run for item in record.attributions}
    assert loaded.findings == ()
    assert made["La préfète a reçu les pêcheurs"] == "model"
    assert made["Le bac partira à l’heure"] == "rules"
    assert [(run.id, run.ruleset) for run in record.runs] == [
        ("rules", rules_digest()),
        ("model", prompt_digest()),
    ]
    assert "1 proposals, 1 refused" in capsys.readouterr().err
