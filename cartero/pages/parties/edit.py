"""A tercero's data: a new one by hand, and changes to one that is there."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cartero.companies.roles import Role
from cartero.invoices import searching
from cartero.pages.access import role
from cartero.pages.http import CompanyRequest, done, page
from cartero.pages.parties.detail import party_of
from cartero.pages.parties.forms import NewPartyForm, PartyForm
from cartero.parties import address_book, editing
from cartero.parties.models import AddressRole, Party


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def create(request: CompanyRequest) -> HttpResponse:
    form = NewPartyForm(request.POST if request.method == "POST" else None, company=request.company)
    if not form.is_valid():
        return page(request, "parties/edit.html", {"form": form, "back": reverse("parties")})
    fields = {**form.cleaned_data}
    email = fields.pop("email")
    party = editing.create(Party(company=request.company, **fields), request.user)
    if email:
        address_book.add(party, email, [AddressRole.INVOICES], request.user)
    return done(request, reverse("party", args=[party.pk]), _("Tercero creado."))


@require_http_methods(["GET", "POST"])
@role(Role.PREPARER)
def edit(request: CompanyRequest, pk: int) -> HttpResponse:
    """Never the number of one that has documents."""
    party = party_of(request, pk)
    initial = {name: getattr(party, name) for name in PartyForm.base_fields}
    form = PartyForm(
        request.POST if request.method == "POST" else None, company=request.company, party=party, initial=initial
    )
    if party.invoices.exists():
        form.without_number()
    back = reverse("party", args=[pk])
    if not form.is_valid():
        return page(request, "parties/edit.html", {"form": form, "back": back, "party": party})
    if editing.change(party, form.cleaned_data, request.user):
        searching.follow(party)
    return done(request, back, _("Datos guardados."))
