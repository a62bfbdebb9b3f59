"""Terceros: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages import revoking
from cartero.pages.parties import addresses, detail, edit, groups, index, mails, mending, pasting
from cartero.parties.models import GroupKind

_OF = {"of": "party"}
_LINK = "<int:pk>/correos/<int:delivery_pk>/enlace/"

urlpatterns = [
    path("", index.index, name="parties"),
    path("nuevo/", edit.create, name="new_party"),
    path("por-corregir/", mending.index, name="addresses_to_mend"),
    path("por-corregir/pegar/", pasting.paste, name="paste_corrections"),
    path("por-corregir/<int:pk>/", mending.correct, name="mend_address"),
    path("por-corregir/<int:pk>/deshacer/", mending.undo, name="undo_mending"),
    path("grupos/", groups.index, name="groups"),
    path("grupos/nuevo/", groups.create, {"kind": GroupKind.GROUP.value}, name="new_group"),
    path("zonas/nueva/", groups.create, {"kind": GroupKind.ZONE.value}, name="new_zone"),
    path("grupos/<int:pk>/", groups.rename, name="rename_group"),
    path("grupos/<int:pk>/borrar/", groups.delete, name="delete_group"),
    path("correos/<int:pk>/", addresses.change, name="change_address"),
    path("correos/<int:pk>/propuesta/", addresses.accept, name="accept_proposal"),
    path("correos/<int:pk>/<slug:verb>/", addresses.move, name="move_address"),
    path("<int:pk>/", detail.detail, name="party"),
    path("<int:pk>/enviados/", mails.index, name="party_mails"),
    path(f"{_LINK}revocar/", revoking.revoke, _OF, name="revoke_party_link"),
    path(f"{_LINK}permitir/", revoking.allow, _OF, name="allow_party_link"),
    path("<int:pk>/editar/", edit.edit, name="edit_party"),
    path("<int:pk>/correos/", addresses.add, name="add_address"),
    path("<int:pk>/grupos/", groups.join, name="join_group"),
    path("<int:pk>/grupos/<int:group_pk>/", groups.rejoin, name="rejoin_group"),
    path("<int:pk>/grupos/<int:group_pk>/quitar/", groups.leave, name="leave_group"),
]
