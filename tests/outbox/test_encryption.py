"""Passwords and letters go out encrypted where the server offers it, and only to a server that proves its name."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.outbox.servers import MailServer
from yishang_crm.outbox.transport import Fault, NotDelivered, Smtp

# The server in these tests speaks TLS from the first byte and does not know that it does.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

LETTER = b"Subject: x\r\n\r\nx\r\n"
PASSWORD = "yi/a:b@c"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class TlsServer(MailServer):
    """Takes mail only over TLS and only with the right password."""

    def __init__(self, certificate: Path, *, at_once: bool) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.logins: list[bool] = []
        tls = {"ssl_context": context} if at_once else {"tls_context": context, "require_starttls": True}
        super().__init__(authenticator=self._known, auth_required=True, auth_require_tls=not at_once, **tls)

    def _known(self, _server, _session, _envelope, _mechanism, data: LoginPassword) -> AuthResult:
        is_right = (data.login, data.password) == (b"yi", PASSWORD.encode())
        self.logins.append(is_right)
        return AuthResult(success=is_right, handled=is_right)


def url(server: MailServer, scheme: str, password: str = "yi%2Fa%3Ab%40c") -> str:
    return f"{scheme}://yi:{password}@127.0.0.1:{server.port}"


def send(address: str) -> None:
    smtp = Smtp(address, sender="yishang@example.cn", timeout=5)
    try:
        smtp.send(LETTER, to="yu@example.com", message_id="<x@x>")
    finally:
        smtp.close()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_the_password_and_the_letter_travel_encrypted(scheme, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with TlsServer(certificate, at_once=scheme == "smtps") as server:
        send(url(server, scheme))
    assert (len(server.mails), server.logins) == (1, [True])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_cannot_prove_its_name_gets_nothing(scheme, certificate):
    with TlsServer(certificate, at_once=scheme == "smtps") as server:
        with pytest.raises(NotDelivered) as refused:
            send(url(server, scheme))
        assert refused.value.fault is Fault.UNREACHABLE
    assert (server.mails, server.logins) == ([], [])


def test_a_wrong_password_is_the_servers_trouble_and_not_the_letters(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with TlsServer(certificate, at_once=True) as server:
        with pytest.raises(NotDelivered) as refused:
            send(url(server, "smtps", password="wrong"))
        assert refused.value.fault is Fault.UNREACHABLE


def test_a_password_is_not_sent_in_the_clear_beyond_this_machine(mail_server, monkeypatch):
    from yishang_crm.outbox import transport

    monkeypatch.setattr(transport, "_is_loopback", lambda _connection: False)
    with pytest.raises(NotDelivered) as refused:
        send(url(mail_server, "smtp"))
    assert refused.value.detail == "the server offers no encryption, so the password was not sent"
