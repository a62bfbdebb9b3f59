"""Moments in words, on the clocks of her company."""

from datetime import datetime

from django.utils import timezone

from cartero.platform import formats


def alone(moment: datetime) -> str:
    """`Hoy, 8:35 a. m.`"""
    return formats.since(moment, timezone.now(), timezone.get_current_timezone())


def within(moment: datetime) -> str:
    """The same within a sentence, behind its colon too: `hoy, 8:35 a. m.`."""
    words = alone(moment)
    return words[:1].lower() + words[1:]
