"""Constancias de envío: addresses are Spanish, names English."""

from django.urls import path

from cartero.mailings.models import AttestationKind
from cartero.pages.attestations import index, issuing

_OF = (
    ("factura", AttestationKind.INVOICE),
    ("tercero", AttestationKind.PARTY),
    ("envio", AttestationKind.MAILING),
)

urlpatterns = [
    path("", index.index, name="attestations"),
    path("<int:pk>/", index.detail, name="attestation"),
    path("<int:pk>/pdf/", index.pdf, name="attestation_pdf"),
    *(path(f"{of}/<int:pk>/", issuing.index, {"kind": kind}, f"{kind}_attestations") for of, kind in _OF),
    *(path(f"{of}/<int:pk>/emitir/", issuing.issue, {"kind": kind}, f"attest_{kind}") for of, kind in _OF),
]
