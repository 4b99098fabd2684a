"""How the commands reach a daemon that speaks TLS and knows its users: no secret in arguments or output."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.cli.client import PASSWORD
from tests.peers.api import Ward
from tests.peers.desk import incident
from tests.peers.http_certificates import Certified
from tests.peers.web import gate, guarded, hashed, write_pair

SECRET = "nước-mắm ☂ 7f3a"
SETTINGS = {
    "tls_server_config": {"cert_file": "server.crt", "key_file": "server.key"},
    "basic_auth_users": {"an@ubnd": hashed(SECRET)},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An authority and the pair of a server."""
    root = Certified.root()
    (tmp_path / "ca.crt").write_bytes(root.pem)
    write_pair(tmp_path, "server", root.leaf("127.0.0.1"))
    return tmp_path


async def _run(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, arguments)


async def test_by_tls_with_a_password(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name stands in the address, the password in the environment, in whatever letters."""
    monkeypatch.setenv(PASSWORD, SECRET)
    ward = Ward()
    ward.desk.put(incident())
    async with guarded(gate(folder, SETTINGS), ward) as server:
        where = (f"--url=https://an%40ubnd@127.0.0.1:{server.port}", f"--ca-file={folder}/ca.crt")
        shown = await _run("status", *where)
        taken = await _run("ack", incident().id, "--who=An", *where)
    assert "office-vnpt" in shown.stdout
    assert (taken.exit_code, "is taken on by An" in taken.stdout) == (0, True)


@pytest.mark.parametrize(
    ("name", "password", "authority", "words"),
    [
        ("", SECRET, "ca.crt", "it wants a name and a password: write --url=https://NAME@HOST"),
        ("an%40ubnd@", "canary", "ca.crt", "the name or the password is wrong"),
        ("an%40ubnd@", None, "ca.crt", "there is no password, and nobody who could be asked"),
        ("an%40ubnd@", SECRET, "", "its certificate is not trusted: name who signed it with --ca-file"),
    ],
)
async def test_who_is_not_let_in_is_told_why(  # noqa: PLR0917  # one case each
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    password: str | None,
    authority: str,
    words: str,
) -> None:
    """In one sentence, with what is to be done, and without the password."""
    if password is None:
        monkeypatch.delenv(PASSWORD, raising=False)
    else:
        monkeypatch.setenv(PASSWORD, password)
    trusted = [f"--ca-file={folder}/{authority}"] if authority else []
    async with guarded(gate(folder, SETTINGS)) as server:
        result = await _run("status", f"--url=https://{name}127.0.0.1:{server.port}", *trusted)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr
    assert not any(secret in result.output for secret in ("canary", SECRET))


@pytest.mark.parametrize(
    ("file", "words"), [("none.crt", "cannot be read"), ("server.key", "holds no certificate in PEM")]
)
def test_a_file_that_is_no_authority_is_told(folder: Path, file: str, words: str) -> None:
    """Before anything is asked."""
    result = CliRunner().invoke(main, ["status", f"--ca-file={folder}/{file}"])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"--ca-file: {folder}/{file} {words}" in result.stderr
