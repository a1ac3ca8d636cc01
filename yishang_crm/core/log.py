"""Structured logs: one JSON object a line, with the request's id; a sealed value never gets in."""

import json
import logging
import re
import sys
from typing import Any

from yishang_crm.core.audit import request_id
from yishang_crm.core.clock import now

logger = logging.getLogger("yishang")

# The last net: whatever a library puts into a message, a phone, a mail address or an ID number is cut.
_PHONE = re.compile(r"(?<!\d)(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|\+\d[\d -]{6,17}\d")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_TOKEN = re.compile(r"/(r|password|enter)/[\w.-]{16,}")
_DETAIL = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)  # PostgreSQL quotes the row it refused


def clean(text: str) -> str:
    """Cut everything that looks like a personal detail or a guest's token."""
    text = _DETAIL.sub(r"\1: …", _TOKEN.sub(r"/\1/…", text))
    text = _ID_NUMBER.sub("[id]", text)
    return _MAIL.sub("[mail]", _PHONE.sub("[phone]", text))


class OneLine(logging.Formatter):
    """A JSON object a line: at, level, event, request, and what else was told."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": clean(record.getMessage()),
            "request": request_id.get(),
        }
        entry |= {name: clean(str(value)) for name, value in getattr(record, "details", {}).items()}
        if record.exc_info:
            entry["trace"] = clean(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in entry.items() if value != ""}, ensure_ascii=False)


def start(*, level: int = logging.INFO) -> None:
    """Send the log of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def event(what: str, /, **details: object) -> None:
    """Tell that something happened."""
    logger.info(what, extra={"details": details})


def unexpected(error: BaseException) -> None:
    """Tell of a fault, with its trace."""
    logger.error("unexpected", exc_info=error)
