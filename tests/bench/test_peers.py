import asyncio
import struct

import dns.message
import dns.rdatatype
import pytest

from bench.children import free_port, peer, program
from bench.figures import CannotRunError
from bench.peers import dns_answer


def test_the_resolver_answers_a_query_with_one_address() -> None:
    """A client of another make reads 127.0.0.1 from the answer, under the id and the question it asked."""
    query = dns.message.make_query("bench.example", "A", use_edns=False)
    answer = dns_answer(query.to_wire())
    assert answer
    read = dns.message.from_wire(answer)
    assert query.is_response(read)
    assert [str(record) for record in read.answer[0]] == ["127.0.0.1"]


@pytest.mark.parametrize("data", [b"", bytes(12), bytes(13), struct.pack("!6H", 1, 0, 1, 0, 0, 0) + b"\x03abc"])
def test_the_resolver_is_silent_to_what_is_no_query(data: bytes) -> None:
    """Short and cut-off bytes get no answer."""
    assert dns_answer(data) is None


async def test_the_web_server_answers_each_request_on_a_connection() -> None:
    """Two requests, two pages of the announced length, over one connection."""
    async with peer("bench.peers") as ports:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports["http"])
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.partition(b"Content-Length: ")[2].split()[0])
            assert b"bench" in await reader.readexactly(length)
        writer.close()
        await writer.wait_closed()


async def test_a_peer_that_cannot_start_is_a_reason() -> None:
    """A child that ends without a word makes the scenario say so."""
    with pytest.raises(CannotRunError, match="ended before it was ready"):
        async with peer("bench.figures"):
            pass


async def test_a_program_that_is_not_there_is_a_reason() -> None:
    """So does one that is not installed."""
    with pytest.raises(CannotRunError, match="not installed"):
        async with program(["no-such-program-anywhere"], free_port()):
            pass
