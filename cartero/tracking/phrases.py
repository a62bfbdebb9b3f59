"""What servers and programs say, by what it means: `phrases.txt`, in Spanish, English and what else comes here."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def meaning(section: str) -> re.Pattern[str]:
    """Finds any of the phrases of a section."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in _sections()[section]), re.I)


@cache
def beginning(section: str) -> re.Pattern[str]:
    """Finds lines that begin with one of the phrases, behind nothing but spaces and Re:"""
    choice = "|".join(f"(?:{phrase})" for phrase in _sections()[section])
    return re.compile(rf"^[ \t]*(?:(?:re|rv|fwd?|aw|sv)[ \t]*:[ \t]*){{0,5}}[^\w>\s]{{0,3}}(?:{choice})", re.I | re.M)


@cache
def _sections() -> Mapping[str, list[str]]:
    sections: dict[str, list[str]] = {}
    named: list[str] = []
    for line in Path(__file__).with_name("phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            named = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            named.append(line)
    return sections
