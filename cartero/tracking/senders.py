"""Who a mail is from: an address, and whether a program that moves mail wrote it. Values in, values out."""

import re

from cartero.tracking.parts import Part

_ADDRESS = re.compile(r"[^\s<>\"'(),:;\[\]\\]{1,64}@[\w.-]{1,189}[\w]")
_ANGLED = re.compile(r"<([^<>]{0,320})>[^<>]{0,200}$")
_DAEMONS = re.compile(
    r"^(?:mailer-?daemon|mail-daemon|mail\.?daemon|postmaster|mdaemon|bounces?|microsoftexchange[0-9a-f]*|"
    r"mail(?:system|er)?|failed-delivery)(?:[+.\-][^@]*)?(?:@|$)",
    re.I,
)
_NAMES = re.compile(
    r"mail (?:delivery )?(?:sub)?system|mailer.?daemon|system administrator|delivery subsystem|"
    r"courier mail server|sistema de (?:entrega de )?correo",
    re.I,
)


def addresses(text: str) -> list[str]:
    """Every address in a text, in small letters, each once."""
    found = (each.strip(".").lower().removeprefix("smtp=") for each in _ADDRESS.findall(text))
    return list(dict.fromkeys(found))


def of(mail: Part) -> str:
    """The address it is from: names before it may look like another. Empty where it has none."""
    sender = mail.get("from")
    angled = _ANGLED.search(sender)
    return next(iter((addresses(angled[1]) if angled else []) or addresses(sender)), "")


def is_daemon(address: str) -> bool:
    return bool(_DAEMONS.match(address))


def is_mailer_daemon(mail: Part) -> bool:
    """Whether it is from an address at which no person can be: a postmaster may be one."""
    return of(mail).partition("@")[0] in {"mailer-daemon", "mailerdaemon"}


def has_nobody_to_return_to(mail: Part) -> bool:
    """Whether its envelope had no sender (RFC 5321, 4.5.5): some servers write their own name in that place."""
    returned = mail.get("return-path").strip(" <>")
    return bool(mail.all("return-path")) and (not returned or is_daemon(returned))


def are_servers(mail: Part) -> bool:
    """Whether a program that moves mail says that it wrote it."""
    sender = mail.get("from")
    return is_daemon(of(mail) or sender.strip(' <>"')) or bool(_NAMES.search(sender) or mail.get("x-failed-recipients"))


def are_programs(mail: Part) -> bool:
    """The same of any program that passes mail on: a server, a list, whoever waits for no answer."""
    return are_servers(mail) or has_nobody_to_return_to(mail) or bool(mail.get("list-id"))
