"""Every path of the pages, by resource. Each resource lists its own; addresses are Spanish, names English."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path

from cartero.pages import first_run, health, home, metrics, notices, search, session, webhooks
from cartero.pages.access import public
from cartero.pages.attestations import confirming
from cartero.pages.recipient import unsubscribing

# allauth's views look after the login themselves
login_urls = [
    path("entrar/", public(account.login), name="account_login"),
    path("entrar/segundo-factor/", public(second_factor.authenticate), name="mfa_authenticate"),
    path("entrar/otra-vez/", public(account.reauthenticate), name="account_reauthenticate"),
    path("entrar/otra-vez/codigo/", public(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("entrar/inactiva/", public(account.account_inactive), name="account_inactive"),
    path("entrar/cerrado/", public(account.signup), name="account_signup"),
    path("salir/", public(account.logout), name="account_logout"),
]
account_urls = [
    path("cuenta/clave/", public(account.password_change), name="account_change_password"),
    path("cuenta/clave/nueva/", public(account.password_set), name="account_set_password"),
    path("clave/", public(account.password_reset), name="account_reset_password"),
    path("clave/enviada/", public(account.password_reset_done), name="account_reset_password_done"),
    path("clave/lista/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    re_path(
        r"^clave/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("cuenta/segundo-factor/", public(second_factor.index), name="mfa_index"),
    path("cuenta/segundo-factor/activar/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("cuenta/segundo-factor/quitar/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("cuenta/codigos/", public(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("cuenta/codigos/nuevos/", public(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("cuenta/codigos/bajar/", public(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
session_urls = [
    path("cuenta/sesiones/", session.mine, name="my_sessions"),
    path("cuenta/sesiones/cerrar/", session.end_others, name="end_other_sessions"),
    path("cuenta/sesiones/<str:mark>/cerrar/", session.end, name="end_session"),
]
notice_urls = [
    path("mis-avisos/", notices.mine, name="my_notices"),
    path("avisos/<str:token>/", notices.stop, name="stop_notices"),
]
company_urls = [
    path("empresa/", session.choose_company, name="choose_company"),
    path("empresa/<int:pk>/", session.enter_company, name="enter_company"),
]

urlpatterns = [
    path("", home.index, name="home"),
    path("buscar/", search.search, name="search"),
    path("empezar/", first_run.first_run, name="first_run"),
    path("facturas/estados-de-cuenta/", include("cartero.pages.statements.urls")),
    path("facturas/", include("cartero.pages.invoices.urls")),
    path("terceros/", include("cartero.pages.parties.urls")),
    path("envios/", include("cartero.pages.mailings.urls")),
    path("importar/", include("cartero.pages.imports.urls")),
    path("informes/", include("cartero.pages.reports.urls")),
    path("informes/constancias/", include("cartero.pages.attestations.urls")),
    path("constancia/<str:code>/", confirming.confirm, name="confirm_attestation"),
    path("configuracion/", include("cartero.pages.configuration.urls")),
    path("buzon/", include("cartero.pages.mailbox.urls")),
    path("v/", include("cartero.pages.recipient.urls")),
    path("baja/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("health", health.health, name="health"),
    path("proveedor/<str:key>/", webhooks.told, name="provider_webhook"),
    path("metrics", metrics.metrics, name="metrics"),
    *login_urls,
    *account_urls,
    *session_urls,
    *notice_urls,
    *company_urls,
]
