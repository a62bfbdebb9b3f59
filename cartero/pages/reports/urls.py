"""Informes: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages.reports import index, mailings

urlpatterns = [
    path("", index.index, name="reports"),
    path("xlsx/", index.xlsx, name="reports_xlsx"),
    path("envios/", mailings.index, name="mailings_report"),
    path("envios/xlsx/", mailings.xlsx, name="mailings_report_xlsx"),
]
