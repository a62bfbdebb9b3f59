"""Facturas: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages import revoking
from cartero.pages.invoices import answers, detail, files, index

_OF = {"of": "invoice"}
_LINK = "<int:pk>/correos/<int:delivery_pk>/enlace/"

urlpatterns = [
    path("", index.index, name="invoices"),
    path("xlsx/", index.xlsx, name="invoices_xlsx"),
    path("observaciones/", answers.index, name="answers"),
    path("observaciones/<int:pk>/atender/", answers.attend, name="attend_answer"),
    path("observaciones/<int:pk>/abrir/", answers.reopen, name="reopen_answer"),
    path("<int:pk>/", detail.detail, name="invoice"),
    path("<int:pk>/pdf/", files.pdf, name="invoice_pdf"),
    path("<int:pk>/zip/", files.bundle, name="invoice_zip"),
    path("<int:pk>/archivos/<int:file_pk>/", files.received, name="invoice_file"),
    path(f"{_LINK}revocar/", revoking.revoke, _OF, name="revoke_invoice_link"),
    path(f"{_LINK}permitir/", revoking.allow, _OF, name="allow_invoice_link"),
]
