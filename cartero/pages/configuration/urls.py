"""Configuración: addresses are Spanish, names English."""

from django.urls import path, re_path

from cartero.pages.configuration import (
    activity,
    company,
    consents,
    doubt_rule,
    invitations,
    mail_accounts,
    mail_keeping,
    message_templates,
    reading_mailboxes,
    recipient_page,
    sent_folders,
    strangers,
    users,
    webhooks,
)

company_urls = [
    path("empresa/", company.company, name="company"),
    path("empresa/logo.png", company.logo, name="company_logo"),
    path("empresa/correo/", company.mail, name="company_mail"),
    path("empresa/factura.pdf", company.pdf, name="company_pdf"),
    path("empresa/en-duda/", doubt_rule.doubt_rule, name="doubt_rule"),
    path("empresa/correos-guardados/", mail_keeping.mail_keeping, name="mail_keeping"),
    path("empresa/pagina-de-quien-recibe/", recipient_page.recipient_page, name="recipient_page"),
]
account_urls = [
    path("cuentas/", mail_accounts.index, name="mail_accounts"),
    path("cuentas/nueva/", mail_accounts.new, name="new_mail_account"),
    path("cuentas/<int:pk>/", mail_accounts.detail, name="mail_account"),
    path("cuentas/conectada/", consents.connected, name="mail_account_connected"),
    path("cuentas/<int:pk>/conectar/", consents.connect, name="connect_mail_account"),
    path("cuentas/<int:pk>/probar/", mail_accounts.probe, name="probe_mail_account"),
    path("cuentas/<int:pk>/enviados/", sent_folders.sent_folder, name="sent_folder"),
    path("cuentas/<int:pk>/enviados/quitar/", sent_folders.remove, name="remove_sent_folder"),
    path("cuentas/<int:pk>/lectura/", reading_mailboxes.reading_mailbox, name="reading_mailbox"),
    path("cuentas/<int:pk>/lectura/quitar/", reading_mailboxes.remove, name="remove_reading_mailbox"),
    path("cuentas/<int:pk>/ajenos/", strangers.index, name="strangers"),
    path("cuentas/<int:pk>/ajenos/revisados/", strangers.review, name="review_strangers"),
    path("cuentas/<int:pk>/avisos/", webhooks.webhook, name="webhook"),
    path("cuentas/<int:pk>/avisos/direccion/", webhooks.open_webhook, name="open_webhook"),
    re_path(
        r"^cuentas/(?P<pk>\d+)/(?P<verb>activar|desactivar|seguir)/$", mail_accounts.move, name="move_mail_account"
    ),
]
template_urls = [
    path("plantillas/", message_templates.index, name="message_templates"),
    path("plantillas/nueva/", message_templates.new, name="new_message_template"),
    path("plantillas/<int:pk>/", message_templates.detail, name="message_template"),
    path("plantillas/<int:pk>/correo/", message_templates.mail, name="message_template_mail"),
    path("plantillas/<int:pk>/duplicar/", message_templates.duplicate, name="duplicate_message_template"),
    path("plantillas/<int:pk>/borrar/", message_templates.delete, name="delete_message_template"),
    path("plantillas/<int:pk>/deshacer/", message_templates.restore, name="restore_message_template"),
]
user_urls = [
    path("usuarios/", users.index, name="users"),
    path("usuarios/invitar/", users.invite, name="invite_user"),
    path("usuarios/invitacion/<str:token>/", invitations.accept, name="accept_invitation"),
    path("usuarios/<int:pk>/invitar/", users.invite_again, name="invite_user_again"),
    path("usuarios/<int:pk>/rol/", users.change_role, name="change_role"),
    path("usuarios/<int:pk>/quitar/", users.remove, name="remove_user"),
    path("usuarios/<int:pk>/segundo-factor/", users.reset_second_factor, name="reset_second_factor"),
    path("usuarios/<int:pk>/sesiones/", users.user_sessions, name="user_sessions"),
    path("actividad/", activity.index, name="activity"),
]

urlpatterns = [*company_urls, *account_urls, *template_urls, *user_urls]
