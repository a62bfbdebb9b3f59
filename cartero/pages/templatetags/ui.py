"""What pages are made of: icons, badges, numbers, days, fields. The partials are in templates/ui."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Protocol

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from cartero.invoices.states import MailStatus
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.pages import editor, moments, quota, reasons
from cartero.platform import formats
from cartero.transport.models import MailAccount

register = template.Library()

# fmt: off
STYLES = (
    "tokens", "reset", "base", "layout", "icon", "button", "field", "upload", "table", "badge", "panel", "metric",
    "flash", "nav", "menu", "dialog", "progress", "pager", "options", "editor", "tally", "timeline", "viewer", "chart",
    "empty", "busy", "public", "utilities", "print",
)
BEHAVIOURS = (
    "connection", "toasts", "dialogs", "menus", "keys", "rows", "segments", "uploads", "choosing", "passwords",
    "editor", "errors", "returning",
)
# fmt: on

KINDS: Mapping[str, type[MailingStatus | DeliveryStatus | MailStatus]] = {
    "mailing": MailingStatus,
    "delivery": DeliveryStatus,
    "invoice": MailStatus,
}
# Where a status looks like another one: the icon and the tone stand in badge.css under the name of the look.
LOOKS = {"claimed": "on_the_way", "transmitting": "on_the_way", "queued": "pending", "withdrawn": "cancelled"}
# What a badge may say instead of the status, for what the status alone does not tell.
WORDS: Mapping[str, str | Promise] = {
    "retry": _("Se reintenta"),
    "no_address": _("Sin correo utilizable"),
    "opened": _("Abierto"),
    "overdue": _("Vencida"),
}
TONES = {"error": "negative", "warning": "warning", "success": "positive", "info": "accent"}
TONE_ICONS = {"error": "fail", "warning": "warning", "success": "check", "info": "info"}


class HasTaxId(Protocol):
    tax_id: str
    check_digit: str


@register.simple_tag
@cache
def stylesheets() -> SafeString:
    """The font, asked for at once lest a page be drawn twice, and one link a component, in the order of the layers."""
    font = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>\n  '
    return format_html(font, static("cartero/fonts/inter.woff2")) + format_html_join(
        "\n  ", '<link rel="stylesheet" href="{}">', ((static(f"cartero/css/{name}.css"),) for name in STYLES)
    )


@register.simple_tag
@cache
def behaviours() -> SafeString:
    """One module a behaviour."""
    return format_html_join(
        "\n  ", '<script type="module" src="{}"></script>', ((static(f"cartero/js/{name}.js"),) for name in BEHAVIOURS)
    )


@register.simple_tag(takes_context=True)
def form_media(context: template.Context, form: forms.BaseForm) -> SafeString:
    """The scripts and styles that the fields of `form` bring, let through by the page's CSP. In block head.

    The empty style is the one that TipTap would write without a nonce; the words are the editor's own in our language.
    """
    nonce = str(context["request"].csp_nonce)
    words = json_script({word: str(ours) for word, ours in editor.WORDS.items()}, "editor-words")
    media = mark_safe(str(Media.from_media(form.media, nonce=nonce).render()))  # noqa: S308  # rendered by Django
    return format_html('<style nonce="{}" data-tiptap-style></style>{}{}', nonce, words, media)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon beside a word; alone it needs its `label`. `size` may be "large"."""
    modifier = f" icon--{size}" if size else ""
    if label:
        return format_html('<span class="icon icon--{}{}" role="img" aria-label="{}"></span>', name, modifier, label)
    return _icon(name, modifier)


@cache
def _icon(name: str, modifier: str) -> SafeString:
    """A page has dozens, of the same few names: templates write them."""
    return format_html('<span class="icon icon--{}{}" aria-hidden="true"></span>', name, modifier)


@register.simple_tag
def status_badge(kind: str, status: str, *, state: str = "", percent: int | None = None, **extra: Any) -> SafeString:
    """The state of a "mailing", "delivery" or "invoice". `state` (a key of WORDS) says more than the status does.

    `extra`: `reason` and `code` stand under it, `size` may be "large" or "plain".
    """
    word = str(WORDS[state] if state else KINDS[kind](status).label)
    shown = word if percent is None else f"{word} {formats.percent(percent)}"
    return badge(state or LOOKS.get(status, status), shown, **extra)


@register.simple_tag
def badge(state: str, word: str, *, size: str = "", reason: str | Promise = "", code: str = "") -> SafeString:
    """A badge with a word of its own; `state` names one of the looks in badge.css ("ok", "failed", "retry" …)."""
    modifier = f" badge--{size}" if size else ""
    shown = format_html('<span class="badge{}" data-state="{}">{}</span>', modifier, state, word)
    if not (reason or code):
        return shown
    replied = format_html(' <span class="mono">({})</span>', code) if code else ""
    under = format_html('<small class="state__reason">{}{}</small>', reason or "", replied)
    return format_html('<span class="state">{}{}</span>', shown, under)


@register.filter
def tone(level: str) -> str:
    return TONES.get(level, "accent")


@register.filter
def tone_icon(level: str) -> str:
    return TONE_ICONS.get(level, "info")


@register.simple_tag
def money(amount: Decimal | None, currency: str = "COP") -> str:
    return "" if amount is None else formats.money(amount, currency)


@register.filter
def unbroken(amounts: Iterable[str]) -> str:
    """Amounts in a sentence, none parted from its sign at the end of a line."""
    return ", ".join(amount.replace(" ", "\u00a0") for amount in amounts)


@register.simple_tag
def nit(party: HasTaxId) -> str:
    """Of anything with `tax_id` and `check_digit`."""
    return formats.nit(party.tax_id, party.check_digit)


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """`1 jul 2026`"""
    return _day(value, get_language()) if value else ""


@lru_cache(maxsize=1_000)
def _day(value: date, _language: str) -> SafeString:
    """A list has two a row, of the same few months."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.date_short(value))


@register.simple_tag
def moment(value: datetime | None, *, within: bool = False, about: bool = False) -> SafeString | str:
    """`Hoy, 8:35 a. m.`, on the clocks of her company; `within` a sentence `hoy a las 8:35 a. m.`, or `about` then."""
    if value is None:
        return ""
    words = moments.within(value, about=about) if within or about else moments.alone(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.simple_tag
def right_now() -> str:
    """`1 de julio de 2026, 8:35 a. m.`, for paper."""
    now = timezone.localtime()
    return f"{formats.date_long(now.date())}, {formats.clock(now.time())}"


@register.simple_tag
def hour(value: datetime | None) -> SafeString | str:
    """`8:35 a. m.`"""
    if value is None:
        return ""
    here = timezone.get_current_timezone()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.time_of_day(value, here))


@register.filter
def used_today(account: MailAccount) -> int:
    """Recipients written to in the last 24 hours."""
    return quota.used(account, timezone.now())


@register.filter
def month(value: date | None) -> str:
    """`julio de 2026`"""
    return formats.month(value) if value else ""


@register.filter
def month_short(value: date | None) -> str:
    """`Jul 2026`"""
    return formats.month_short(value) if value else ""


@register.filter
def number(value: Decimal | int | None) -> str:
    """`1.185`"""
    return "" if value is None else formats.number(value)


@register.filter
def percent(value: Decimal | int | None) -> str:
    return "" if value is None else formats.percent(value)


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that breaks behind its at sign, where it has to break."""
    local, at, domain = address.rpartition("@")
    return format_html("{}{}<wbr>{}", local, at, domain)


@register.filter
def sentence(text: str) -> str:
    """With its capital and its full stop: what readers of files say is a part of a sentence."""
    whole = str(text).strip()
    ended = whole if not whole or whole[-1] in ".?!…:" else f"{whole}."
    return ended[:1].upper() + ended[1:]


@register.filter
def of_address(kept: str) -> str:
    """What is kept about an address, in words."""
    return str(reasons.of_address(kept)[0])


@register.filter
def size(octets: int | None) -> str:
    """`1,3 MB`"""
    return "" if octets is None else formats.size(octets)


@register.filter
def duration(seconds: float | None) -> str:
    """`unos 4 minutos`"""
    return "" if seconds is None else formats.duration(seconds)


@register.inclusion_tag("ui/_column.html", takes_context=True)
def column(context: template.Context, name: str, label: str, **extra: Any) -> dict[str, object]:
    """A heading to sort by: `?orden=name` or `-name`.

    `extra`: `class`; `default`, the order without one; `only`, the one to sort by, where not all can be.
    """
    if extra.get("only", name) not in ("", name):
        return {"label": label, "style": extra.get("class", "")}
    query: QueryDict = context["request"].GET.copy()
    current = query.get("orden") or extra.get("default", "")
    query["orden"] = f"-{name}" if current == name else name
    query.pop("desde", None)
    direction = {name: "ascending", f"-{name}": "descending"}.get(current, "none")
    return {"direction": direction, "href": f"?{query.urlencode()}", "label": label, "style": extra.get("class", "")}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, **options: Any) -> dict[str, object]:
    """A field with its label above, its hint and its errors under it.

    `options`: `size` "tall" or "number"; `optional` (true marks it, false does not; unset asks the field);
    `label`, `hint` in place of the form's; `prefix` an icon inside; `autofocus`; `bare` drops hint and placeholder.
    """
    if "hint" in options or options.get("bare"):
        bound.help_text = options.get("hint", "")
    if options.get("bare"):
        bound.field.widget.attrs.pop("placeholder", None)
    kind = bound.widget_type
    shape = {"checkbox": "choice", "radioselect": "choices", "checkboxselectmultiple": "choices"}.get(kind, "input")
    return {"field": bound, "shape": "hidden" if bound.is_hidden else shape, **options}


@register.simple_tag
def control(bound: BoundField, size: str = "", autofocus: bool = False) -> SafeString:
    """The bare input of a field, dressed; Django ties it to its hint and errors."""
    attrs: dict[str, Any] = {"autofocus": True} if autofocus else {}
    widget = bound.field.widget
    if not isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.FileInput | editor.MessageWidget):
        own = widget.attrs.get("class", "")
        attrs["class"] = " ".join(filter(None, ["input", f"input--{size}" if size else "", own]))
    return bound.as_widget(attrs=attrs)
