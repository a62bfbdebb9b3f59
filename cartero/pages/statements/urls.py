"""Estados de cuenta: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages.statements import detail, index, making

urlpatterns = [
    path("", index.index, name="statements"),
    path("hacer/", making.make, name="make_statements"),
    path("<int:pk>/", detail.detail, name="statement_run"),
]
