"""Empresa: its data, colour and logo, and how a mail and a document look with them."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cartero.companies import look
from cartero.companies.roles import Role
from cartero.invoices import storing
from cartero.mailings.states import MailingKind
from cartero.pages.access import role
from cartero.pages.configuration import samples
from cartero.pages.configuration.forms import CompanyForm
from cartero.pages.http import CompanyRequest, done, framable, page

# A mail brings its own styles; nothing else of it runs, loads or sends.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


@require_http_methods(["GET", "POST"])
@role(Role.ADMIN)
def company(request: CompanyRequest) -> HttpResponse:
    ours = request.company
    if request.method == "GET":
        return _show(request, CompanyForm(initial={name: getattr(ours, name) for name in look.FIELDS}))
    form = CompanyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form)
    look.change(ours, {name: form.cleaned_data[name] for name in look.FIELDS}, by=request.user)
    if form.cleaned_data["logo"]:
        look.set_logo(ours, storing.keep(ours.pk, form.cleaned_data["logo"]), by=request.user)
    elif form.cleaned_data["remove_logo"]:
        look.set_logo(ours, "", by=request.user)
    return done(request, "company", _("Los datos de la empresa quedaron guardados."))


@require_GET
@role(Role.READER)
def logo(request: CompanyRequest) -> HttpResponse:
    """PNG. Raises FileLost."""
    if not request.company.logo_sha256:
        raise Http404
    content = storing.read(request.company.pk, request.company.logo_sha256)
    return HttpResponse(content, content_type="image/png", headers={"X-Content-Type-Options": "nosniff"})


@require_GET
@role(Role.PREPARER)
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # it takes any view
def mail(request: CompanyRequest) -> HttpResponse:
    """A mail as it would go today. Raises BadAddress."""
    _subject, html = samples.mail(request.company, samples.first(request.company, MailingKind.COPY))
    return HttpResponse(html)


@require_GET
@role(Role.PREPARER)
@framable
def pdf(request: CompanyRequest) -> HttpResponse:
    """A document as it would be drawn today. Raises NotDrawn, FileLost."""
    answer = HttpResponse(samples.pdf(request.company), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="ejemplo.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _show(request: CompanyRequest, form: CompanyForm) -> HttpResponse:
    return page(request, "configuration/company.html", {"form": form, "company": request.company})
