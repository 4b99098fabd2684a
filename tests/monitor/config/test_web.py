"""The web configuration file: what exporters take is taken, what is wrong is told with its line."""

import re
from pathlib import Path

import pytest
import yaml

from exporters.web.tls import tls_context
from model.web import WebSettings
from monitor.config import ConfigError
from monitor.config.nouns import WEB_NOUNS
from monitor.config.shape import fields_of, records
from monitor.config.web import load_web
from tests.peers.http_certificates import Certified
from tests.peers.web import hashed, write_pair

FOLDER = Path(__file__).parents[2] / "data" / "web"
FILES = sorted(FOLDER.glob("invalid-*.yml"))
HEADING = "# What is wrong:"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem.removeprefix("invalid-"))
def test_each_problem_is_told_with_its_line_and_a_mend(path: Path) -> None:
    """All problems of a file at once, in one sentence of plain words each; no password and no hash is quoted."""
    expected = path.read_text("utf-8").partition(HEADING)[2].strip().splitlines()
    assert expected
    with pytest.raises(ConfigError) as caught:
        load_web(path, {})
    told = [f"# {problem.line}: {problem.what}: {problem.mend}" for problem in caught.value.problems]
    assert [line.replace(f"{FOLDER}/", "") for line in told] == expected
    assert not any(secret in str(caught.value) for secret in ("canary", "$2y$", "$apr1$"))


def test_a_file_as_the_exporters_have_it(tmp_path: Path) -> None:
    """Every key of the format is read; paths are relative to the file; whoever watches is told of every file."""
    root = Certified.root()
    (tmp_path / "ca.crt").write_bytes(root.pem)
    write_pair(tmp_path, "server", root.leaf("127.0.0.1"))
    values = {
        "tls_server_config": {
            "cert_file": "server.crt",
            "key_file": "server.key",
            "client_auth_type": "RequireAndVerifyClientCert",
            "client_ca_file": "ca.crt",
            "client_allowed_sans": ["prometheus.ward"],
            "min_version": "TLS12",
            "max_version": "TLS13",
            "cipher_suites": ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
            "prefer_server_cipher_suites": False,
            "curve_preferences": ["X25519"],
        },
        "http_server_config": {
            "http2": True,
            "headers": {
                "Strict-Transport-Security": "max-age=63072000",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "deny",
                "X-XSS-Protection": "0",
                "Content-Security-Policy": "default-src 'self'",
            },
        },
        "basic_auth_users": {"anna": hashed("a"), "ben": hashed("b").replace("$2b$", "$2y$")},
        "rate_limit": {"interval": "100ms", "burst": 20},
    }
    path = tmp_path / "web.yml"
    path.write_text(yaml.safe_dump(values))
    loaded = load_web(path)
    assert loaded.context is not None
    assert [file.name for file in loaded.files] == ["web.yml", "server.crt", "server.key", "ca.crt"]
    assert len(loaded.settings.http_server_config.headers.pairs()) == 5
    assert (loaded.settings.rate_limit.interval, loaded.settings.rate_limit.burst) == (0.1, 20)
    assert "$2" not in repr(loaded)


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n", "rate_limit: {interval: 0}", "basic_auth_users: {}"])
def test_all_of_it_may_be_left_out(tmp_path: Path, text: str) -> None:
    """A file that wants nothing is plain HTTP for everybody, as with the exporters."""
    (tmp_path / "web.yml").write_text(text)
    loaded = load_web(tmp_path / "web.yml")
    assert loaded.settings == WebSettings()
    assert loaded.context is None
    assert tls_context(loaded.settings.tls_server_config, tmp_path) is None


def test_what_the_page_shows_can_be_read(tmp_path: Path) -> None:
    """Each file in docs/web-security.md is one, and each key of the format stands there."""
    page = (FOLDER.parents[2] / "docs" / "web-security.md").read_text("utf-8")
    keys = {key for _, record in records(WebSettings) for key in fields_of(record)}
    assert [key for key in keys if f"`{key}`" not in page] == []
    root = Certified.root()
    (tmp_path / "ca.crt").write_bytes(root.pem)
    write_pair(tmp_path, "monitor", root.leaf("monitor.ward.example"))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "anna.hash").write_text(f"{hashed('x')}\n")
    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL) if "tls_server" in block]
    assert len(blocks) == 2
    for block in blocks:
        (tmp_path / "web.yml").write_text(block)
        assert load_web(tmp_path / "web.yml").context is not None


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(ConfigError, match=r"none\.yml: cannot be read"):
        load_web(tmp_path / "none.yml")


def test_every_table_has_a_noun() -> None:
    """A message about an unknown key names the table that it stands in."""
    assert set(WEB_NOUNS) == {record for _, record in records(WebSettings)}
