"""Informes: addresses are Spanish, names English."""

from django.urls import path

from cartero.mailings.models import Facet
from cartero.pages.reports import breakdowns, index, mailings, parties, unarrived

_REASON, _DOMAIN, _SEEN = ({"facet": facet.value} for facet in (Facet.REASON, Facet.DOMAIN, Facet.SEEN))

urlpatterns = [
    path("", index.index, name="reports"),
    path("xlsx/", index.xlsx, name="reports_xlsx"),
    path("envios/", mailings.index, name="mailings_report"),
    path("envios/xlsx/", mailings.xlsx, name="mailings_report_xlsx"),
    path("terceros/", parties.index, name="parties_report"),
    path("terceros/xlsx/", parties.xlsx, name="parties_report_xlsx"),
    path("terceros/<int:pk>/", parties.detail, name="party_report"),
    path("terceros/<int:pk>/xlsx/", parties.party_xlsx, name="party_report_xlsx"),
    path("sin-llegar/", unarrived.index, name="unarrived_report"),
    path("sin-llegar/xlsx/", unarrived.xlsx, name="unarrived_report_xlsx"),
    path("motivos/", breakdowns.index, _REASON, name="reasons_report"),
    path("motivos/xlsx/", breakdowns.xlsx, _REASON, name="reasons_report_xlsx"),
    path("dominios/", breakdowns.index, _DOMAIN, name="domains_report"),
    path("dominios/xlsx/", breakdowns.xlsx, _DOMAIN, name="domains_report_xlsx"),
    path("vistos/", breakdowns.index, _SEEN, name="seen_report"),
    path("vistos/xlsx/", breakdowns.xlsx, _SEEN, name="seen_report_xlsx"),
]
