"""Each reason of a verdict in the clerk's words: what happened, what Cartero does, what she can do."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Explanation:
    happened: Words
    cartero_does: Words
    you_can: Words


_WAITS = _("Cartero espera y sigue solo, hasta por 48 horas; ningún correo pierde su turno.")
_WAITS_BRIEFLY = _("Cartero espera; si dura 15 minutos, detiene el envío.")
_RETRIES = _("Cartero lo intenta otra vez, cada vez con más espera, durante 48 horas.")
_NO_MORE = _("Cartero no le envía más hasta que alguien corrija la dirección.")
_FAILED = _("Este correo queda como fallido; los demás siguen.")
_STOPPED = _("Detuvimos el envío. Ningún correo quedó como fallido.")
_TOMORROW = _("Detuvimos el envío hasta mañana; sigue solo. Ningún correo quedó como fallido.")
_DOUBT = _("El correo queda en duda: Cartero no lo repite sin saber si llegó.")
_NOTHING = _("No tiene que hacer nada.")
_FIX_ADDRESS = _("Corrija la dirección en Terceros y reintente.")
_FIX_LOGIN = _("Revise el usuario y la contraseña de la cuenta de correo, pulse Probar y reanude el envío.")
_RECONNECT = _("Vuelva a conectar la cuenta en Configuración, Cuentas de correo, y reanude el envío.")
_RECONNECT_IF_LASTS = _("Si dura, vuelva a conectar la cuenta en Configuración, Cuentas de correo.")
_FIX_CERTIFICATE = _(
    "Revise el nombre del servidor. Si es su propio servidor, puede confiar en este certificado en la cuenta de correo."
)
_FIX_SENDER = _(
    "Revise la dirección «sale desde» de la cuenta de correo, o pida permiso a su proveedor para enviar como ella."
)
_ASK_PROVIDER = _("Muéstrele la respuesta a su proveedor de correo; cuando lo arregle, reanude el envío.")
_IF_LASTS = _("Si dura, revise el servidor y el puerto de la cuenta de correo y su conexión a internet.")
_ASK_IF_LASTS = _("Si dura, avísele a su proveedor de correo.")
_ASK_RECIPIENT = _("Avísele al tercero por otro medio, o pídale otra dirección.")
_LOOK_FOR_IT = _(
    "Busque el correo en Enviados de la cuenta o pregúntele al tercero; después márquelo como recibido o reenvíelo."
)

EXPLANATIONS: Mapping[str, Explanation] = {
    "sent": Explanation(_("El servidor recibió el correo."), _("Cartero guarda su respuesta como prueba."), _NOTHING),
    # The connection.
    "no_answer": Explanation(_("El servidor de correo no responde."), _WAITS, _IF_LASTS),
    "unresolved": Explanation(
        _("No se encuentra el servidor de correo: su nombre no existe o no hay internet."), _WAITS, _IF_LASTS
    ),
    "line_keeps_breaking": Explanation(_("La conexión se cortó varias veces seguidas."), _WAITS, _IF_LASTS),
    "mails_refused": Explanation(
        _("El servidor rechaza el comienzo de cada correo, también en conexiones nuevas."),
        _WAITS_BRIEFLY,
        _ASK_PROVIDER,
    ),
    "server_busy": Explanation(_("El servidor pide esperar."), _WAITS, _ASK_IF_LASTS),
    "server_full": Explanation(_("El servidor de correo no tiene espacio."), _WAITS, _ASK_IF_LASTS),
    "too_many_connections": Explanation(
        _("El servidor no acepta tantas conexiones a la vez."),
        _("Cartero usa una conexión menos y sigue solo."),
        _ASK_IF_LASTS,
    ),
    "too_fast": Explanation(
        _("El servidor pide ir más despacio."),
        _("Cartero baja la velocidad, la sube de nuevo poco a poco y sigue solo."),
        _ASK_IF_LASTS,
    ),
    "hourly_limit": Explanation(
        _("La cuenta llegó a su límite por hora."),
        _WAITS,
        _("Escriba ese límite en la cuenta de correo, para no volver a pasarlo."),
    ),
    "daily_limit": Explanation(
        _("La cuenta llegó a su límite diario."), _TOMORROW, _("Puede reanudar antes con otra cuenta de correo.")
    ),
    "blocked_here": Explanation(_("Su servidor no acepta conexiones desde aquí."), _STOPPED, _ASK_PROVIDER),
    "not_a_mail_server": Explanation(
        _("Lo que responde no es un servidor de correo."),
        _STOPPED,
        _("Revise el servidor, el puerto y la seguridad de la cuenta de correo."),
    ),
    "greeting_refused": Explanation(_("El servidor no aceptó el saludo de este equipo."), _STOPPED, _ASK_PROVIDER),
    "private_host": Explanation(
        _("El servidor o el puerto de la cuenta de correo no están permitidos."),
        _STOPPED,
        _(
            "Use un servidor público y el puerto 25, 465, 587 o 2525. "
            "Uno de su red interna lo permite quien administra Cartero."
        ),
    ),
    # TLS.
    "no_starttls": Explanation(
        _("El servidor no ofrece una conexión segura, aunque la cuenta la pide."),
        _("Detuvimos el envío sin mostrar la contraseña. Ningún correo quedó como fallido."),
        _(
            "Revise el puerto y la seguridad de la cuenta. "
            "Si antes funcionaba, puede que alguien intervenga la red: avise a quien la administra."
        ),
    ),
    "tls_unavailable": Explanation(
        _("El servidor no pudo abrir una conexión segura."),
        _WAITS_BRIEFLY,
        _IF_LASTS,
    ),
    "tls_broken": Explanation(
        _("La conexión segura se cortó al abrirse."),
        _WAITS_BRIEFLY,
        _("Si dura, revise el puerto y la seguridad de la cuenta de correo."),
    ),
    "tls_injected": Explanation(
        _("Llegaron datos extraños antes de la conexión segura; no se usaron."),
        _WAITS_BRIEFLY,
        _("Puede que alguien intervenga la red: avise a quien la administra."),
    ),
    "certificate_unknown": Explanation(_("No se reconoce el certificado del servidor."), _STOPPED, _FIX_CERTIFICATE),
    "certificate_expired": Explanation(
        _("El certificado del servidor está vencido."),
        _STOPPED,
        _("Avísele a su proveedor de correo; cuando lo renueve, reanude el envío."),
    ),
    "certificate_other_host": Explanation(_("El certificado es de otro servidor."), _STOPPED, _FIX_CERTIFICATE),
    # The login.
    "login_refused": Explanation(
        _("La cuenta rechazó el usuario o la contraseña."),
        _(
            "Detuvimos el envío y no probamos otra vez, para que no bloqueen la cuenta. "
            "Ningún correo quedó como fallido."
        ),
        _FIX_LOGIN,
    ),
    "app_password_needed": Explanation(
        _("La cuenta rechazó el usuario o la contraseña: pide una contraseña de aplicación."),
        _STOPPED,
        _("Cree una contraseña de aplicación en su proveedor, escríbala en la cuenta de correo y reanude el envío."),
    ),
    "login_switched_off": Explanation(
        _("La cuenta rechazó el usuario o la contraseña: su proveedor no permite entrar así."),
        _STOPPED,
        _("Pida a quien administra el correo que active «SMTP autenticado» para este buzón, y reanude el envío."),
    ),
    "login_busy": Explanation(
        _("El servidor no pudo revisar la contraseña ahora."),
        _WAITS_BRIEFLY,
        _ASK_IF_LASTS,
    ),
    "login_required": Explanation(_("El servidor pide usuario y contraseña."), _STOPPED, _FIX_LOGIN),
    "no_mechanism": Explanation(
        _("El servidor no acepta ninguna de las formas de entrar que Cartero conoce."),
        _STOPPED,
        _("Revise el puerto y la seguridad de la cuenta de correo; muchos solo piden la contraseña con TLS."),
    ),
    # Leave to send, given to an authority's page (OAuth 2).
    "leave_missing": Explanation(
        _("La cuenta todavía no está conectada con su proveedor."),
        _STOPPED,
        _("Pulse Conectar en la cuenta de correo y reanude el envío."),
    ),
    "leave_ended": Explanation(
        _("El permiso para enviar con esta cuenta se terminó: alguien lo retiró, venció o cambió la contraseña."),
        _STOPPED,
        _RECONNECT,
    ),
    "leave_refused": Explanation(_("No se dio el permiso para enviar con esta cuenta."), _STOPPED, _RECONNECT),
    "leave_too_late": Explanation(_("El permiso llegó tarde: el código ya no servía."), _STOPPED, _RECONNECT),
    "token_refused": Explanation(
        _("El servidor no dejó entrar con el permiso que se dio."),
        _STOPPED,
        _(
            "Vuelva a conectar la cuenta con el buzón que dice «Usuario» y reanude el envío. "
            "Si se repite, quien administra el correo debe activar «SMTP autenticado» para ese buzón."
        ),
    ),
    "client_refused": Explanation(
        _("El proveedor no reconoce a este Cartero o no le permite enviar."),
        _STOPPED,
        _("Muéstrele la respuesta a quien administra Cartero: debe revisar su registro con Google o Microsoft."),
    ),
    "authority_away": Explanation(
        _("Google o Microsoft no responde a la renovación del permiso."), _WAITS, _RECONNECT_IF_LASTS
    ),
    # The API of a provider.
    "key_refused": Explanation(
        _("El proveedor rechazó la clave de la API."),
        _STOPPED,
        _("Escriba otra vez la clave en la cuenta de correo, con permiso para enviar, y reanude el envío."),
    ),
    "credits_used_up": Explanation(
        _("La cuenta ya no tiene correos en su plan."),
        _STOPPED,
        _("Amplíe el plan con su proveedor y reanude el envío, o siga con otra cuenta de correo."),
    ),
    "not_an_api": Explanation(
        _("Lo que responde no es la API del proveedor."), _STOPPED, _("Avise a quien administra Cartero.")
    ),
    "suppressed_by_provider": Explanation(
        _("El proveedor no le escribe a esa dirección: antes rebotó o se quejó."),
        _FAILED,
        _("Pídale otra dirección al tercero, o quítela de la lista de suprimidos del proveedor y reintente."),
    ),
    "request_refused": Explanation(
        _("El proveedor no aceptó el correo."), _FAILED, _("Lea la respuesta del proveedor y reintente.")
    ),
    # The sender.
    "sender_not_owned": Explanation(
        _("La cuenta no puede enviar con la dirección «sale desde»."), _STOPPED, _FIX_SENDER
    ),
    "sender_refused": Explanation(_("El servidor no acepta la dirección «sale desde»."), _STOPPED, _FIX_SENDER),
    "relay_denied": Explanation(_("La cuenta no puede enviar a otros dominios."), _STOPPED, _FIX_LOGIN),
    "account_full": Explanation(
        _("El buzón de su cuenta está lleno."), _STOPPED, _("Libere espacio en la cuenta y reanude el envío.")
    ),
    "account_unlicensed": Explanation(_("Su cuenta no tiene licencia para enviar."), _STOPPED, _ASK_PROVIDER),
    "account_blocked": Explanation(_("Su proveedor bloqueó la cuenta."), _STOPPED, _ASK_PROVIDER),
    "all_refused": Explanation(
        _("El servidor rechaza a todos los terceros con la misma respuesta; la causa no son ellos."),
        _("Detuvimos el envío y los devolvimos a Por enviar. Ningún correo quedó como fallido."),
        _ASK_PROVIDER,
    ),
    # The recipient.
    "no_mailbox": Explanation(_("El buzón no existe."), _NO_MORE, _FIX_ADDRESS),
    "no_domain": Explanation(_("El dominio de la dirección no existe o no recibe correo."), _NO_MORE, _FIX_ADDRESS),
    "bad_address": Explanation(_("El servidor no acepta la dirección como está escrita."), _NO_MORE, _FIX_ADDRESS),
    "mailbox_moved": Explanation(_("El buzón ya no está ahí."), _NO_MORE, _FIX_ADDRESS),
    "mailbox_off": Explanation(_("El buzón está desactivado."), _FAILED, _ASK_RECIPIENT),
    "mailbox_full": Explanation(_("El buzón está lleno."), _FAILED, _ASK_RECIPIENT),
    "mailbox_full_now": Explanation(_("El buzón está lleno por ahora."), _RETRIES, _ASK_RECIPIENT),
    "mailbox_busy": Explanation(_("El buzón está recibiendo demasiados correos."), _RETRIES, _NOTHING),
    "recipient_refused": Explanation(_("El servidor no acepta correo para esa dirección."), _FAILED, _ASK_RECIPIENT),
    "needs_smtputf8": Explanation(
        _("La dirección lleva tildes o eñes y el servidor de su cuenta no las admite."),
        _FAILED,
        _("Pida al tercero una dirección sin tildes ni eñes."),
    ),
    "greylisted": Explanation(_("El servidor del tercero pide esperar la primera vez."), _RETRIES, _NOTHING),
    "too_many_recipients": Explanation(
        _("El servidor no acepta tantos destinatarios en un correo."),
        _("Cartero envía a los demás en otro correo."),
        _NOTHING,
    ),
    "not_delivered_in_48_h": Explanation(_("No se pudo entregar en 48 horas."), _FAILED, _ASK_RECIPIENT),
    # The mail.
    "deferred": Explanation(_("El servidor pide esperar."), _RETRIES, _NOTHING),
    "closing": Explanation(_("El servidor cerró la conexión antes de recibir el correo."), _RETRIES, _NOTHING),
    "line_broke": Explanation(
        _("La conexión se cortó antes de terminar el correo; el servidor no lo tiene."), _RETRIES, _NOTHING
    ),
    "odd_reply": Explanation(
        _("El servidor respondió algo que no se entiende; no tiene el correo."), _RETRIES, _NOTHING
    ),
    "left_over": Explanation(
        _("El servidor creía estar en medio de otro correo."),
        _("Cartero lo intenta enseguida por otra conexión."),
        _NOTHING,
    ),
    "recipients_lost": Explanation(_("El servidor olvidó los destinatarios que había aceptado."), _RETRIES, _NOTHING),
    "too_large": Explanation(
        _("El correo pesa más de lo que el servidor acepta."),
        _FAILED,
        _("Quite anexos o envíe menos documentos por correo."),
    ),
    "content_refused": Explanation(
        _("El servidor rechazó el contenido del correo (spam, virus o una regla suya)."),
        _FAILED,
        _("Revise el texto de la plantilla y los anexos, y que su dominio tenga SPF, DKIM y DMARC."),
    ),
    "content_keeps_failing": Explanation(
        _("El servidor rechaza el contenido: cinco correos seguidos."),
        _("Detuvimos el envío para cuidar la reputación de su cuenta."),
        _("Revise el texto de la plantilla y que su dominio tenga SPF, DKIM y DMARC; después reanude el envío."),
    ),
    "mail_refused": Explanation(
        _("El servidor rechazó el correo."), _FAILED, _("Lea la respuesta del servidor y reintente.")
    ),
    "not_plain_text": Explanation(
        _("El correo lleva letras que el servidor de su cuenta no admite sin convertir."),
        _FAILED,
        _("Avise a quien administra Cartero."),
    ),
    "bad_line_ends": Explanation(
        _("El correo tiene fines de línea incorrectos y no se envió."), _FAILED, _("Avise a quien administra Cartero.")
    ),
    # Doubt.
    "broken_after_dot": Explanation(
        _("La conexión se cortó después de enviar el correo y antes de la respuesta: pudo llegar o no."),
        _DOUBT,
        _LOOK_FOR_IT,
    ),
    "odd_after_dot": Explanation(
        _("Después de enviar el correo, el servidor respondió algo que no se entiende: pudo llegar o no."),
        _DOUBT,
        _LOOK_FOR_IT,
    ),
}
