"""Which characters of other people's text a mail may hold."""


def printable(text: str) -> str:
    """`text` without control characters and marks that turn the direction of reading; line breaks stay, as `\\n`."""
    if text.isprintable():
        return text
    return "".join(filter(_harmless, text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")))


def _harmless(char: str) -> bool:
    code = ord(char)
    if code < 0xA0:
        return code == 0x0A or 0x20 <= code < 0x7F
    return not (0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069 or 0xD800 <= code <= 0xDFFF)
