"""What tells, on every page, that the data are a demonstration's."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("mailbox/_banner.html", takes_context=True)
def demonstration_banner(context: template.Context) -> dict[str, Any]:
    """Shown in a company of the demonstration; only where all mail goes to the mailbox does it say so."""
    company = getattr(context.get("request"), "company", None)
    return {"shown": company is not None and company.is_demo, "has_mailbox": bool(settings.MAILBOX_PORT)}
