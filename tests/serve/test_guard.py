"""Who may ask: forged requests are refused, and nothing hostile in the data comes alive."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from kg.errors import UsageError
from kg.graph.build import build_store
from kg.project import Project
from kg.records import load_collection
from kg.serve.app import make_app
from kg.serve.guard import LONGEST_BODY, POLICY, check_door
from kg.serve.settings import Door, Settings
from tests.serve.conftest import FORM_KEY, client_of

TOKEN = "a token of many letters"  # noqa: S105 - it opens nothing but these tests


def behind(project: Project, door: Door) -> TestClient:
    """A client of an explorer behind a door."""
    app = make_app(project, Settings(language="en", form_key=FORM_KEY), door)
    return TestClient(app, base_url=f"http://{door.host}:{door.port or 80}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1:80", "[::1]", "LOCALHOST"])
def test_our_own_names_are_answered(client: TestClient, host: str) -> None:
    """A loopback server goes by the names of this machine."""
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "",
        "[",
        "a:b",
    ],
)
def test_a_rebound_name_is_refused(client: TestClient, host: str) -> None:
    """A foreign name that resolves here (DNS rebinding) gets nothing."""
    answer = client.get("/", headers={"host": host})

    assert answer.status_code == 421
    assert "ferry" not in answer.text


def test_another_port_is_another_server(ferry: Project) -> None:
    """The port in Host must be the one listened on."""
    client = behind(ferry, Door("127.0.0.1", 8001))

    assert client.get("/", headers={"host": "127.0.0.1:8001"}).status_code == 200
    assert client.get("/", headers={"host": "127.0.0.1:9999"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("address", ["/review/decide", "/add/save", "/review/undo", "/sparql"])
def test_a_form_of_another_site_is_refused(
    client: TestClient, address: str, headers: dict[str, str]
) -> None:
    """A POST that a browser sends for another page never reaches a page of ours."""
    answer = client.post(address, data={"key": FORM_KEY, "query": "ASK {}"}, headers=headers)

    assert answer.status_code == 403
    assert "another site" in answer.text


def test_a_form_without_the_key_is_refused(fresh: Project) -> None:
    """Programs send no Origin; a form must still hold what only our own pages hold."""
    with client_of(fresh) as client:
        before = (fresh.sources / "fanal-accord" / "record.yaml").read_bytes()
        for key in ("", "guessed", FORM_KEY[:-1]):
            answer = client.post(
                "/review/decide",
                data={"key": key, "item": "fanal-accord#a2", "by": "x", "decision": "rejected"},
            )
            assert answer.status_code == 400

    assert (fresh.sources / "fanal-accord" / "record.yaml").read_bytes() == before


@pytest.mark.parametrize("mode", ["cors", "no-cors", "websocket"])
def test_scripts_and_frames_of_another_site_read_nothing(client: TestClient, mode: str) -> None:
    """A cross-site fetch, image or script of our data is refused; a link to a page is not."""
    own = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode, "sec-fetch-dest": "script"}
    link = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }
    frame = link | {"sec-fetch-dest": "iframe"}

    assert client.get("/overview.json", headers=own).status_code == 403
    assert client.get("/", headers=frame).status_code == 403
    assert client.get("/", headers=link).status_code == 200


@pytest.mark.parametrize("address", ["/", "/overview.csv", "/static/serve.css", "/none", "/sparql"])
def test_every_answer_carries_the_policies(client: TestClient, address: str) -> None:
    """Content policy, no sniffing, no framing, no referrer abroad, no sharing elsewhere."""
    headers = client.get(address).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_pages_hold_no_inline_script_or_style(client: TestClient) -> None:
    """What the policy forbids is not needed: no inline script, no style, no handler."""
    for address in ("/", "/document/fanal-accord", "/review", "/add", "/sparql?query=ASK%20{}"):
        page = client.get(address).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), address
        outside = re.findall(r'(?:src|href|action)="(?!/|#|data:,|https?://www|\?)([^"]*)"', page)
        assert [link for link in outside if not link.startswith("https://")] == [], address


def test_a_body_without_end_is_cut(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that says it is too long, or is, is refused."""
    monkeypatch.setattr("kg.serve.guard.LONGEST_ADDRESS", 1000)
    said = client.post("/add/look", content=b"x", headers={"content-length": str(LONGEST_BODY + 1)})
    long = client.get("/search?q=" + "a" * 1200)

    assert said.status_code == 413
    assert long.status_code == 414


@pytest.mark.parametrize(
    "address",
    [
        "/static/..%2F..%2Fapp.py",
        "/static/../../app.py",
        "/static/%2e%2e/%2e%2e/kg.toml",
        "/static//etc/passwd",
        "/document/..%2F..%2Fkg.toml",
        "/document/%2Fetc%2Fpasswd",
        "/sparql?name=..%2F..%2Fpyproject",
    ],
)
def test_no_path_leads_out(client: TestClient, address: str) -> None:
    """Addresses are names, never paths."""
    answer = client.get(address)

    assert answer.status_code in {400, 404}
    assert "root:" not in answer.text
    assert "strait-ferry/" not in answer.text.replace("/example/strait-ferry/", "")


def test_another_address_needs_a_flag_and_a_token() -> None:
    """Listening where others can reach it must be said twice."""
    with pytest.raises(UsageError, match="--public"):
        check_door(Door("0.0.0.0", 1), public=False)  # noqa: S104
    with pytest.raises(UsageError, match="--token"):
        check_door(Door("192.168.1.4", 1), public=True)
    with pytest.raises(UsageError, match="16 characters"):
        check_door(Door("192.168.1.4", 1, "short"), public=True)
    check_door(Door("192.168.1.4", 1, TOKEN), public=True)
    check_door(Door("::1", 1), public=False)


def test_behind_a_token_nothing_is_told_without_it(ferry: Project) -> None:
    """The token opens by link, cookie or header; anything else is 401, whatever is asked."""
    client = behind(ferry, Door("192.168.1.4", 8001, TOKEN))
    shut = [client.get(path) for path in ("/", "/overview.json", "/sparql?query=ASK{}", "/none")]
    wrong = client.get("/?token=wrong", follow_redirects=False)
    entered = client.get(f"/list/speakers?token={TOKEN}&page=0", follow_redirects=False)
    header = client.get("/", headers={"authorization": f"Bearer {TOKEN}"})
    cookie = client.get("/", headers={"cookie": f"kg-token={TOKEN}"})

    assert [answer.status_code for answer in shut] == [401, 401, 401, 401]
    assert wrong.status_code == 401
    assert entered.status_code == 303
    assert entered.headers["location"] == "/list/speakers?page=0"
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert header.status_code == cookie.status_code == 200


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe"


def hostile(project: Project) -> None:
    """Put hostile words where a record and a registry hold words."""
    record = project.sources / "fanal-accord" / "record.yaml"
    quoted = HOSTILE.replace('"', '\\"')
    text = record.read_text(encoding="utf-8")
    record.write_text(
        re.sub(r"(?m)^  title: .*$", f'  title: "{quoted}"', text, count=1), encoding="utf-8"
    )
    agents = project.sources / "agents.yaml"
    text = agents.read_text(encoding="utf-8")
    agents.write_text(text.replace("Ysaline Corvandre", HOSTILE), encoding="utf-8")


def test_hostile_words_stay_words(fresh: Project) -> None:
    """Script in a title or a name is text on every page, and bidi overrides are made visible."""
    hostile(fresh)
    build_store(load_collection(fresh), fresh)
    addresses = (
        "/",
        "/list/documents",
        "/list/speakers",
        "/document/fanal-accord",
        "/speaker/ysaline-corvandre",
        "/attribution/fanal-accord%23a2",
        "/graph/speaker/ysaline-corvandre",
        "/search?q=alert",
        "/review",
        "/review?edit=fanal-accord%23a2",
        "/sparql?query=SELECT%20*%20{%3Fs%20%3Chttp%3A%2F%2Fpurl.org%2Fdc%2Fterms%2Ftitle%3E%20%3Fo}",
    )
    seen = 0
    with client_of(fresh) as client:
        for address in addresses:
            page = client.get(address)
            assert page.status_code == 200, address
            assert "<script>alert" not in page.text, address
            assert "<img src=x" not in page.text, address
            assert "\u202e" not in page.text, address
            seen += "[U+202E]" in page.text
        data = client.get("/document/fanal-accord.json")

    assert seen >= 8
    assert data.headers["content-type"] == "application/json"
    assert data.headers["x-content-type-options"] == "nosniff"


def test_only_web_addresses_become_links(client: TestClient) -> None:
    """A javascript: or data: address in the answer of a query is shown and leads nowhere."""
    query = (
        "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<javascript:alert(1)> <data:text/html,x> "
        "<https://example.org/ok>) } }"
    )
    page = client.get("/sparql", params={"query": query}).text

    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert 'href="data:text' not in page
    assert 'href="https://example.org/ok" rel="noreferrer noopener"' in page


def test_read_only_means_no_desk(ferry: Project) -> None:
    """With --read-only there is no desk, no adding, and no link to either."""
    with client_of(ferry, read_only=True) as client:
        front = client.get("/").text
        assert client.get("/review").status_code == 404
        assert client.get("/add").status_code == 404
        assert client.post("/review/undo", data={"key": FORM_KEY, "by": "x"}).status_code == 400

    assert 'href="/review"' not in front
    assert 'href="/add"' not in front
