"""Facturas: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages.invoices import detail, files, index

urlpatterns = [
    path("", index.index, name="invoices"),
    path("xlsx/", index.xlsx, name="invoices_xlsx"),
    path("<int:pk>/", detail.detail, name="invoice"),
    path("<int:pk>/pdf/", files.pdf, name="invoice_pdf"),
    path("<int:pk>/zip/", files.bundle, name="invoice_zip"),
    path("<int:pk>/archivos/<int:file_pk>/", files.received, name="invoice_file"),
]
