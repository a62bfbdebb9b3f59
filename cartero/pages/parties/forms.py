"""The filters of the list, and the forms of a tercero: its data, its addresses, its groups."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.models import Company
from cartero.documents import countries
from cartero.pages import mail_domains
from cartero.pages.fields import LineField
from cartero.parties import addresses, search
from cartero.parties.addresses import Invalid
from cartero.parties.models import (
    Address,
    AddressRole,
    AddressState,
    DeliveryForm,
    Group,
    GroupKind,
    Party,
    PartyGroup,
)
from cartero.platform import formats

ORDERS: Mapping[str, Sequence[str]] = {"nombre": ("search_key", "id"), "nit": ("tax_id", "id")}


class PartiesFilter(forms.Form):
    """What is not understood filters nothing."""

    q = forms.CharField(label=gettext_lazy("Nombre, NIT o correo"), required=False, max_length=254)
    grupo = forms.ModelChoiceField(Group.objects.none(), required=False, label=gettext_lazy("Grupo"))
    zona = forms.ModelChoiceField(Group.objects.none(), required=False, label=gettext_lazy("Zona"))
    correo = forms.ChoiceField(
        required=False,
        choices=[
            ("", gettext_lazy("Todos")),
            ("sin", gettext_lazy("Sin correo utilizable")),
            ("problema", gettext_lazy("Con algún problema")),
        ],
    )
    orden = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        groups = Group.objects.of(company).order_by("name")
        for name, kind, every in (
            ("grupo", GroupKind.GROUP, _("Todos los grupos")),
            ("zona", GroupKind.ZONE, _("Todas las zonas")),
        ):
            choice = self.fields[name]
            assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  as declared above
            choice.queryset, choice.empty_label = groups.filter(kind=kind), every
            choice.widget.attrs["data-submits"] = ""
        self.is_valid()
        self.wanted: dict[str, Any] = self.cleaned_data

    @property
    def text(self) -> str:
        return " ".join(self.wanted.get("q", "").split())

    @property
    def order_name(self) -> str:
        asked: str = self.wanted.get("orden", "")
        return asked if asked.removeprefix("-") in ORDERS else "nombre"

    @property
    def order(self) -> Sequence[str]:
        sign = "-" if self.order_name.startswith("-") else ""
        return [f"{sign}{name}" for name in ORDERS[self.order_name.removeprefix("-")]]

    @property
    def is_narrowed(self) -> bool:
        return any(self.wanted.get(name) for name in ("q", "grupo", "zona", "correo"))

    def parties(self) -> QuerySet[Party]:
        found = self._named(Party.objects.of(self.company))
        for name in ("grupo", "zona"):
            if self.wanted.get(name):
                found = found.filter(Exists(PartyGroup.objects.filter(party=OuterRef("pk"), group=self.wanted[name])))
        theirs = Address.objects.of(self.company).filter(party=OuterRef("pk"))
        if self.wanted.get("correo") == "sin":
            found = found.filter(~Exists(theirs.usable()))
        elif self.wanted.get("correo") == "problema":
            found = found.filter(Exists(theirs.to_mend()))
        return found

    def _named(self, parties: QuerySet[Party]) -> QuerySet[Party]:
        if "@" not in self.text:
            return parties.filter(search.found(self.text))
        # All of a domain, which is kept in small letters; else an address from its beginning, as an index has them.
        is_domain = self.text.startswith("@")
        wanted = {"email__contains": self.text.lower()} if is_domain else {"email__istartswith": self.text}
        written = Address.objects.of(self.company).filter(**wanted)
        return parties.filter(pk__in=written.values("party"))


class PartyForm(forms.Form):
    """A tercero's data. The number of one that has documents is theirs, so it is not asked for."""

    id_type = forms.ChoiceField(label=gettext_lazy("Tipo de identificación"))
    tax_id = forms.CharField(
        label=gettext_lazy("Número"),
        max_length=40,
        help_text=gettext_lazy("El NIT, con o sin puntos; el dígito de verificación lo calcula Cartero."),
    )
    name = LineField(label=gettext_lazy("Nombre o razón social"), max_length=450)
    trade_name = LineField(label=gettext_lazy("Nombre comercial"), max_length=450, required=False)
    phone = LineField(label=gettext_lazy("Teléfono"), max_length=100, required=False)
    city = LineField(label=gettext_lazy("Ciudad"), max_length=100, required=False)
    delivery_form = forms.ChoiceField(
        label=gettext_lazy("Qué recibe en una entrega legal"),
        choices=DeliveryForm.choices,
        initial=DeliveryForm.CONTAINER,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Solo el PDF, únicamente si el tercero lo aceptó y no es facturador electrónico."),
    )

    def __init__(self, *args: Any, company: Company, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country, self.company, self.party = countries.of(company.country), company, party
        if self.country.ids:
            self.fields["id_type"].choices = list(self.country.ids.items())  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["id_type"]

    def without_number(self) -> "PartyForm":
        """For a tercero that has documents."""
        for name in ("id_type", "tax_id"):
            self.fields.pop(name, None)
        return self

    def clean(self) -> dict[str, Any]:
        """The number in digits, its check digit apart; a wrong one is refused with the right one."""
        cleaned = self.cleaned_data
        if "tax_id" not in cleaned:
            return cleaned
        kind = cleaned.get("id_type", "")
        typed = re.sub(r"[.\s]", "", cleaned["tax_id"]).upper()
        bare, _hyphen, digit = typed.partition("-") if re.fullmatch(r"\d+-\d", typed) else (typed, "", "")
        expected = self.country.check_digit(kind, bare)
        if kind and expected and digit not in ("", expected):
            facts = {"number": formats.nit(bare), "right": expected, "typed": digit}
            self.add_error("tax_id", _("El dígito de verificación de %(number)s es %(right)s, no %(typed)s.") % facts)
        elif not re.fullmatch(r"[0-9A-Z-]{3,40}", bare):
            self.add_error("tax_id", _("Escriba el número con sus dígitos, por ejemplo 901.458.237."))
        twin = Party.objects.of(self.company).filter(tax_id=bare).exclude(pk__in=[self.party.pk] if self.party else [])
        for other in twin[:1]:
            self.add_error("tax_id", _("Ya hay un tercero con ese número: %(name)s.") % {"name": other.name})
        return cleaned | {"tax_id": bare, "check_digit": expected}


class AddressesForm(forms.Form):
    """One or several addresses to add to a tercero, and what they are for."""

    email = forms.CharField(
        label=gettext_lazy("Correo"),
        max_length=1_000,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Escriba un correo.")},
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Para qué"),
        choices=AddressRole.choices,
        initial=[AddressRole.INVOICES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Elija al menos un uso.")},
    )

    def __init__(self, *args: Any, party: Party, address: Address | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.party, self.address = party, address
        self.proposal = ""

    def clean_email(self) -> list[str]:
        """The addresses, checked and not yet the tercero's; a likely repair of a wrong one is kept in `proposal`."""
        typed = self.cleaned_data["email"]
        pieces = addresses.split(typed) or [typed]
        if self.address and len(pieces) > 1:
            raise ValidationError(_("Escriba un solo correo; agregue los otros aparte."))
        emails = list(dict.fromkeys(self._checked(piece) for piece in pieces))
        mail_domains.refuse([email for email in emails if not self.address or email != self.address.email])
        return emails

    def _checked(self, piece: str) -> str:
        address = addresses.check(piece)
        if isinstance(address, Invalid):
            self.proposal = address.proposal
            raise ValidationError(address.reason)
        known = self.party.addresses.filter(email=address.normalised)
        twin = known.exclude(pk__in=[self.address.pk] if self.address else []).first()
        if twin and twin.state == AddressState.REPLACED:
            raise ValidationError(_("«%(email)s» está apartado en este tercero: recupérelo.") % {"email": twin})
        if twin:
            raise ValidationError(_("«%(email)s» ya está en este tercero.") % {"email": twin})
        return address.normalised


class CorrectionForm(AddressesForm):
    """Another address in the place of one; what it is for stays."""

    def __init__(self, *args: Any, party: Party, address: Address, **kwargs: Any) -> None:
        super().__init__(*args, party=party, address=address, **kwargs)
        del self.fields["roles"]


class NewPartyForm(PartyForm):
    """With a first address, which may be left for later."""

    email = forms.CharField(
        label=gettext_lazy("Correo"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )

    proposal = ""  # a likely repair of a wrong one

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if not typed:
            return ""
        address = addresses.check(typed)
        if isinstance(address, Invalid):
            self.proposal = address.proposal
            raise ValidationError(address.reason)
        mail_domains.refuse([address.normalised])
        return address.normalised


class GroupForm(forms.Form):
    """The name of a group or a zone."""

    name = LineField(
        label=gettext_lazy("Nombre"),
        max_length=60,
        error_messages={"required": gettext_lazy("Escriba un nombre.")},
    )

    def __init__(self, *args: Any, company: Company, kind: str, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.twins = Group.objects.of(company).filter(kind=kind).exclude(pk__in=[group.pk] if group else [])

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self.twins.filter(name__iexact=name).exists():
            raise ValidationError(_("Ya existe «%(name)s».") % {"name": name})
        return name
