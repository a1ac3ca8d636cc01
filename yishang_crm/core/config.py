"""Settings, read once from `YISHANG_…` or `.env`, checked at the start. Keys are made at the first start."""

import base64
import contextlib
import ipaddress
import os
import secrets
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One installation. Every value can be given as `YISHANG_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="YISHANG_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    instance: Path = Path("instance")
    database_url: str | None = None
    public_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "中国宜商大会组委会 <yishang@localhost.localdomain>"
    mail_per_minute: int = 0  # no limit
    openings_per_hour: int = 120
    openings_per_day: int = 600
    secret_key: str | None = None
    data_keys: str | None = None
    audit_key: str | None = None
    trusted_proxies: str = ""
    password_max_age_days: int | None = None
    totp_roles: str = ""
    metrics_token: str | None = None
    timing: bool = False
    demo: bool = False

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str | None) -> str | None:
        if value and urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("YISHANG_PUBLIC_URL must begin with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: str | None) -> str | None:
        if value and urlsplit(value).scheme not in ("smtp", "smtps"):
            raise ValueError("YISHANG_SMTP_URL must look like smtp://user:pass@host:port or smtps://…")
        return value or None

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.replace(",", " ").split():
            ipaddress.ip_network(part, strict=False)
        return value

    @field_validator("openings_per_hour", "openings_per_day")
    @classmethod
    def _a_measure(cls, value: int) -> int:
        if value < 1:
            raise ValueError("YISHANG_OPENINGS_PER_HOUR and …_PER_DAY are numbers from 1")
        return value

    @field_validator("data_keys")
    @classmethod
    def _whole_keys(cls, value: str | None) -> str | None:
        parts = (value or "").replace(",", " ").split()
        if any(len(base64.urlsafe_b64decode(part)) != 32 for part in parts):
            raise ValueError("YISHANG_DATA_KEYS: each key is 32 bytes in URL-safe Base64")
        return value or None

    @cached_property
    def folder(self) -> Path:
        """The instance folder, made on first use, closed to other users of the machine."""
        folder = self.instance.resolve()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @cached_property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        if not self.database_url:
            return f"sqlite:///{self.folder / 'yishang.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @cached_property
    def signing_key(self) -> str:
        return self.secret_key or self._kept("secret_key")

    @cached_property
    def sealing_keys(self) -> list[bytes]:
        """Keys for what is encrypted at rest, 32 bytes each; the first encrypts, all decrypt."""
        text = self.data_keys or self._kept("data_keys")
        return [base64.urlsafe_b64decode(key) for key in text.replace(",", " ").split()]

    @cached_property
    def chain_key(self) -> bytes:
        """The key of the audit chain."""
        return (self.audit_key or self._kept("audit_key")).encode()

    @cached_property
    def proxies(self) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """The networks whose `X-Forwarded-For` is believed."""
        parts = self.trusted_proxies.replace(",", " ").split()
        return [ipaddress.ip_network(part, strict=False) for part in parts]

    @property
    def address(self) -> str:
        """Where people reach the house, as it stands in letters and on papers.

        Never taken from a request: whoever asks could choose where a link leads.
        """
        return self.public_url or "http://127.0.0.1:5000"

    @property
    def is_https(self) -> bool:
        return bool(self.public_url and self.public_url.startswith("https://"))

    def add_data_key(self) -> None:
        """Put a fresh key first in the instance folder; old values stay readable until re-encrypted."""
        if self.data_keys:
            raise RuntimeError("YISHANG_DATA_KEYS is set: put the new key first there.")
        path = self.folder / "data_keys"
        _written_beside(path, f"{_fresh_key()} {self._kept('data_keys')}").replace(path)
        self.__dict__.pop("sealing_keys", None)

    def _kept(self, name: str) -> str:
        path = self.folder / name
        if not path.exists():
            _keep_first(path, _fresh_key())
        return path.read_text().strip()


def _fresh_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _keep_first(path: Path, text: str) -> None:
    # A link is made once or not at all: of two first starts at the same moment both go on with one key.
    beside = _written_beside(path, text)
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def _written_beside(path: Path, text: str) -> Path:
    # Written whole before it gets its name, so that a crash never leaves half a key.
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return beside
