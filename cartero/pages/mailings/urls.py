"""Envíos: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages import revoking
from cartero.pages.mailings import (
    addresses,
    counting,
    detail,
    documents,
    doubts,
    exclusions,
    index,
    moves,
    recipients,
    register,
    resend,
    trial,
)

_ONE = "<int:pk>/"
_MAIL = "<int:pk>/terceros/<int:delivery_pk>/"
_OF = {"of": "mailing"}

urlpatterns = [
    path("", index.index, name="mailings"),
    path("registrar/", register.register, name="register_mailing"),
    path("registrar/por-fuera/", counting.left_out, name="left_out"),
    path("en-duda/", doubts.index, name="doubts"),
    path("en-duda/llegaron/", doubts.decide, {"arrived": True}, name="doubts_arrived"),
    path("en-duda/reenviar/", doubts.decide, {"arrived": False}, name="doubts_resend"),
    path(_ONE, detail.detail, name="mailing"),
    path(f"{_ONE}en-duda/", doubts.index, name="mailing_doubts"),
    path(f"{_ONE}en-duda/llegaron/", doubts.decide, {"arrived": True}, name="mailing_doubts_arrived"),
    path(f"{_ONE}en-duda/reenviar/", doubts.decide, {"arrived": False}, name="mailing_doubts_resend"),
    path(f"{_ONE}facturas/", documents.index, name="mailing_documents"),
    path(f"{_ONE}facturas/<int:invoice_pk>/", documents.detail, name="mailing_document"),
    path(f"{_ONE}facturas/<int:invoice_pk>/pdf/", documents.pdf, name="mailing_pdf"),
    path(f"{_ONE}correos/<int:delivery_pk>/", documents.mail, name="mailing_mail"),
    path(f"{_ONE}correos/<int:delivery_pk>/eml/", documents.exact, name="sent_mail"),
    path(f"{_ONE}prueba/", trial.trial, name="trial"),
    path(f"{_ONE}terceros/", recipients.index, name="recipients"),
    path(f"{_ONE}terceros/xlsx/", recipients.xlsx, name="recipients_xlsx"),
    path(f"{_MAIL}correo/", addresses.correct, name="correct_address"),
    path(f"{_MAIL}correo/deshacer/", addresses.undo, name="undo_correction"),
    path(f"{_MAIL}enlace/revocar/", revoking.revoke, _OF, name="revoke_mailing_link"),
    path(f"{_MAIL}enlace/permitir/", revoking.allow, _OF, name="allow_mailing_link"),
    path(f"{_MAIL}excluir/", exclusions.exclude, name="exclude_delivery"),
    path(f"{_MAIL}incluir/", exclusions.include, name="include_delivery"),
    path(f"{_MAIL}llego/", exclusions.settle, {"arrived": True}, name="delivery_arrived"),
    path(f"{_MAIL}reenviar/", exclusions.settle, {"arrived": False}, name="resend_delivery"),
    path(f"{_ONE}reenviar/", resend.resend, name="resend_mailing"),
    path(f"{_ONE}iniciar/", moves.start, name="start_mailing"),
    path(f"{_ONE}cancelar/", moves.cancel, name="cancel_mailing"),
    path(f"{_ONE}programar/", moves.schedule, name="schedule_mailing"),
    path(f"{_ONE}detener/", moves.move, {"verb": "stop"}, name="stop_mailing"),
    path(f"{_ONE}reanudar/", moves.move, {"verb": "resume"}, name="resume_mailing"),
    path(f"{_ONE}seguir/", moves.move, {"verb": "next_batch"}, name="next_batch_mailing"),
    path(f"{_ONE}reintentar/", moves.move, {"verb": "retry"}, name="retry_mailing"),
    path(f"{_ONE}desprogramar/", moves.move, {"verb": "unschedule"}, name="unschedule_mailing"),
]
