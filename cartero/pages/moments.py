"""Moments in words, on the clocks of her company."""

from datetime import datetime

from django.utils import timezone

from cartero.platform import formats


def alone(moment: datetime) -> str:
    """`Hoy, 8:35 a. m.`"""
    return formats.since(moment, timezone.now(), timezone.get_current_timezone())


def within(moment: datetime, *, about: bool = False) -> str:
    """The same within a sentence: `hoy a las 8:35 a. m.`, with `about` `hoy hacia las 8:35 a. m.`."""
    return formats.told(moment, timezone.now(), timezone.get_current_timezone(), about=about)
