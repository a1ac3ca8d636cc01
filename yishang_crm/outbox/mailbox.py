"""Reading the built-in mailbox: the letters an installation without a mail server would have sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from yishang_crm.core.config import Settings
from yishang_crm.core.sealed import outline
from yishang_crm.outbox.registry import Attachment
from yishang_crm.outbox.transport import mailbox_folder

NAME = re.compile(r"\d{20}-[0-9a-f]{16}\.eml")


@dataclass(frozen=True)
class Mail:
    """One letter as it would have left. The address shows its outline."""

    name: str
    message_id: str
    to_name: str
    to_outline: str
    sender: str
    subject: str
    date: str
    text: str
    papers: Sequence[Attachment]


@dataclass(frozen=True)
class Mailbox:
    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> "Mailbox":
        return cls(mailbox_folder(settings))

    def newest(self, most: int) -> list[Mail]:
        if not self.folder.is_dir():
            return []
        names = sorted(
            (path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name)), reverse=True
        )
        return [mail for name in names[:most] if (mail := self.mail(name))]

    def mail(self, name: str) -> Mail | None:
        """One letter by its file name; None for any name that is not one of ours."""
        path = self.folder / name
        if not NAME.fullmatch(name) or not path.is_file():
            return None
        return _read(name, path.read_bytes())


def _read(name: str, content: bytes) -> Mail:
    mail = message_from_bytes(content, policy=default)
    text = mail.get_body(("plain",))
    to = mail["To"].addresses[0] if mail["To"] and mail["To"].addresses else None
    return Mail(
        name=name,
        message_id=str(mail["Message-ID"] or "").strip(),
        to_name=to.display_name if to else "",
        to_outline=outline(to.addr_spec) if to else "",
        sender=str(mail["From"] or ""),
        subject=str(mail["Subject"] or ""),
        date=mail["Date"].datetime.strftime("%Y-%m-%d %H:%M") if mail["Date"] else "",
        text=text.get_content() if text else "",
        papers=[_paper(part) for part in mail.iter_attachments()],
    )


def _paper(part: EmailMessage) -> Attachment:
    content = part.get_content()
    raw = content if isinstance(content, bytes) else str(content).encode()
    return Attachment(part.get_filename() or "paper", part.get_content_type(), raw)
