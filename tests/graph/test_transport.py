"""The transport over httpx2: lost is lost, unsent is unsent, sizes and times are bounded. Sockets are on loopback only."""

import asyncio
import time

import httpx2
import pytest

from perca.graph import AnswerLost, Graph, HttpxTransport, NotSent, Request, secret
from perca.ports import VirtualClock


async def serving(answer, ask, **options):
    """Runs `ask(transport, root)` against a socket that answers each connection with `answer(reader, writer)`."""

    async def connected(reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, HttpxTransport.connect(**options) as transport:
        return await ask(transport, f"http://127.0.0.1:{port}")


def sending(raw):
    async def answer(writer):
        writer.write(raw)
        await writer.drain()

    return answer


async def one_get(transport, root):
    return await transport.send(
        Request("GET", root + "/v1.0/users?$skiptoken=a%2Fb", {"Authorization": "Bearer x"})
    )


def test_a_whole_answer_arrives_with_lower_case_headers(run):
    raw = b"HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}"
    response = run(serving(sending(raw), one_get))
    assert (response.status, response.headers["retry-after"], response.body) == (429, "3", b"{}")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00" * 64,
    ],
)
def test_a_truncated_or_broken_answer_is_lost(run, raw):
    with pytest.raises(AnswerLost) as caught:
        run(serving(sending(raw), one_get))
    assert caught.value.exit_code == 4
    assert "skiptoken" not in caught.value.message
    assert "\n" not in caught.value.message


def test_a_server_that_drips_is_given_up_in_time(run):
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(1000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    started = time.monotonic()
    with pytest.raises(AnswerLost):
        run(serving(drip, one_get, seconds=0.3))
    assert time.monotonic() - started < 5


def test_a_server_that_says_nothing_is_given_up_in_time(run):
    async def stall(writer):
        await asyncio.sleep(10)

    with pytest.raises(AnswerLost):
        run(serving(stall, one_get, seconds=0.3))


def test_nobody_listening_is_unsent(run):
    async def closed():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with HttpxTransport.connect() as transport:
            await transport.send(Request("POST", f"http://127.0.0.1:{port}/v1.0/groups", {}, b"{}"))

    with pytest.raises(NotSent, match=r"127\.0\.0\.1:\d+` can't be reached"):
        run(closed())


def test_an_endless_answer_is_cut_off(run, monkeypatch):
    monkeypatch.setattr("perca.graph.transport.MOST_BYTES", 10_000)
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000
    with pytest.raises(AnswerLost, match="more than"):
        run(serving(sending(raw), one_get))


def test_a_redirect_is_not_followed(run):
    raw = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    assert run(serving(sending(raw), one_get)).status == 302


@pytest.mark.parametrize("header", ["line\r\nend", "nul\x00"])
def test_a_header_that_cannot_be_written_is_not_quoted(run, header):
    async def ask(transport, root):
        await transport.send(Request("GET", root, {"Authorization": f"Bearer top-secret{header}"}))

    with pytest.raises(NotSent) as caught:
        run(serving(sending(b""), ask))
    assert "top-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_url_goes_out_as_it_was_given(run):
    seen = []

    async def app(scope, receive, send):
        seen.append((scope["raw_path"], scope["query_string"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask():
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
            graph = Graph(HttpxTransport(client), "http://embedded", secret("x"), VirtualClock())
            await graph.get("/v1.0/users?$filter=a%20eq%20'b'&$skiptoken=RFN%2Bx%3D%3D&$top=3")

    run(ask())
    assert seen == [(b"/v1.0/users", b"$filter=a%20eq%20'b'&$skiptoken=RFN%2Bx%3D%3D&$top=3")]


def test_a_client_that_was_handed_in_stays_open(run):
    async def ask():
        async with httpx2.AsyncClient() as client:
            async with HttpxTransport(client):
                pass
            return client.is_closed

    assert run(ask()) is False


def test_a_request_does_not_show_its_secrets():
    request = Request("POST", "https://graph.example/x", {"Authorization": "Bearer top-secret"}, b"people")
    assert "top-secret" not in repr(request)
    assert "people" not in repr(request)
