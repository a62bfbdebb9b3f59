"""The lines of the audit trail as a person reads them: each verb of each noun is one sentence."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.companies.models import AuditEntry, DoubtRule
from cartero.companies.roles import Role

# Noun (the model's name) and verb, as `audit.record` writes them. What the facts do not hold is empty.
SENTENCES: Mapping[tuple[str, str], str | Promise] = {
    ("company", "create"): _("Creó la empresa."),
    ("company", "change"): _("Cambió los datos de la empresa: %(fields)s."),
    ("company", "change_logo"): _("Cambió el logo."),
    ("membership", "add_member"): _("Dio acceso a %(person)s con el rol «%(role)s»."),
    ("membership", "invite_again"): _("Invitó de nuevo a %(person)s."),
    ("membership", "accept_invitation"): _("Aceptó la invitación y puso su contraseña."),
    ("membership", "change_role"): _("Le dio a %(person)s el rol «%(role)s»."),
    ("membership", "remove_member"): _("Quitó a %(person)s de la empresa."),
    ("membership", "reset_second_factor"): _("Quitó el segundo factor de %(person)s."),
    ("membership", "end_sessions"): _("Cerró las sesiones de %(person)s."),
    ("membership", "sign_in"): _("Entró desde %(network)s"),
    ("membership", "deny"): _("Pidió algo para lo que hace falta el rol «%(role)s», y no se le permitió."),
    ("company", "export"): _("Descargó %(file)s."),
    ("mailaccount", "create"): _("Creó la cuenta de correo «%(name)s»."),
    ("mailaccount", "change"): _("Cambió una cuenta de correo: %(fields)s."),
    ("mailaccount", "set_account"): _("Puso la cuenta de correo «%(name)s» desde la línea de comandos."),
    ("mailaccount", "activate"): _("Activó la cuenta de correo «%(name)s»."),
    ("mailaccount", "deactivate"): _("Desactivó la cuenta de correo «%(name)s»."),
    ("mailaccount", "clear_pause"): _("Quitó la pausa de la cuenta de correo «%(name)s»."),
    ("mailaccount", "probe"): _("Probó la cuenta de correo «%(name)s» con un correo a %(to)s."),
    ("messagetemplate", "create"): _("Creó la plantilla «%(name)s»."),
    ("messagetemplate", "change"): _("Cambió la plantilla «%(name)s»."),
    ("messagetemplate", "delete"): _("Borró la plantilla «%(name)s»."),
    ("party", "create"): _("Creó el tercero «%(name)s»."),
    ("party", "change"): _("Cambió un tercero: %(fields)s."),
    ("party", "add_address"): _("Agregó el correo %(email)s a un tercero."),
    ("party", "change_address_roles"): _("Cambió para qué sirve un correo de un tercero."),
    ("party", "correct_address"): _("Corrigió el correo de un tercero: era %(was)s y es %(now)s."),
    ("party", "undo_replace_address"): _("Deshizo una corrección: vuelve %(now)s en vez de %(was)s."),
    ("party", "join_group"): _("Puso un tercero en el grupo «%(name)s»."),
    ("party", "leave_group"): _("Sacó un tercero del grupo «%(name)s»."),
    ("address", "replace_address"): _("Corrigió el correo de un tercero: era %(was)s y es %(now)s."),
    ("address", "put_aside"): _("Dejó de usar el correo %(email)s."),
    ("address", "undo_put_aside"): _("Volvió a usar el correo %(email)s."),
    ("address", "bring_back"): _("Habilitó de nuevo el correo %(email)s."),
    ("address", "subscribe_again"): _("Volvió a enviar copias y recordatorios a %(email)s."),
    ("address", "make_principal"): _("Puso %(email)s como correo principal de un tercero."),
    ("address", "keep_as_typed"): _("Confirmó que %(email)s está bien escrito."),
    ("group", "create"): _("Creó el grupo «%(name)s»."),
    ("group", "rename"): _("Cambió el nombre de un grupo: era «%(was)s» y es «%(now)s»."),
    ("group", "delete"): _("Borró el grupo «%(name)s»."),
    ("import", "import"): _("Importó archivos: %(files)s."),
    ("import", "answer"): _("Dijo cómo leer un archivo que importó."),
    ("invoice", "replace"): _("Tomó el documento %(number)s que llegó, en vez del que estaba."),
    ("invoice", "keep"): _("Dejó el documento %(number)s que estaba, y no el que llegó."),
    ("mailing", "register"): _("Registró el envío %(number)s. Documentos: %(documents)s."),
    ("mailing", "trial"): _("Envió un correo de prueba a %(to)s."),
    ("mailing", "schedule"): _("Programó el envío %(number)s."),
    ("mailing", "unschedule"): _("Quitó la programación del envío %(number)s."),
    ("mailing", "start"): _("Inició el envío %(number)s."),
    ("mailing", "stop"): _("Detuvo el envío %(number)s."),
    ("mailing", "hold"): _("Detuvo el envío %(number)s: los datos vienen de una copia de respaldo."),
    ("mailing", "resume"): _("Reanudó el envío %(number)s."),
    ("mailing", "next_batch"): _("Siguió con la tanda que esperaba del envío %(number)s."),
    ("mailing", "retry"): _("Mandó reintentar los fallidos del envío %(number)s."),
    ("mailing", "go_on"): _("Reabrió el envío %(number)s: volvió a haber correos por salir."),
    ("mailing", "cancel"): _("Canceló el envío %(number)s."),
    ("mailing", "finish"): _("Terminó el envío %(number)s."),
    ("delivery", "exclude"): _("Excluyó un correo de un envío."),
    ("delivery", "include"): _("Volvió a incluir un correo en un envío."),
    ("delivery", "readdress"): _("Cambió la dirección de un correo: era %(was)s y es %(now)s."),
    ("delivery", "revoke_link"): _("Revocó el enlace de un correo a %(to)s."),
    ("delivery", "allow_link"): _("Permitió de nuevo el enlace de un correo a %(to)s."),
    ("delivery", "settle"): _("Decidió un correo que estaba en duda."),
    ("mailing", "settle"): _("Resolvió correos en duda del envío %(number)s: %(mails)s."),
    ("company", "choose_notices"): _("Eligió sus avisos por correo; no recibe: %(without)s."),
    ("company", "choose_doubt_rule"): _("Cambió la regla de los correos en duda: era «%(was)s» y es «%(now)s»."),
    ("company", "choose_mail_keeping"): _("Cambió si se guardan los correos enviados."),
    ("company", "choose_recipient_page"): _("Cambió la página de quien recibe: %(fields)s."),
    ("answer", "attend"): _("Marcó como atendida una respuesta de %(party)s."),
    ("answer", "reopen"): _("Volvió a abrir una respuesta de %(party)s."),
    ("attestation", "issue"): _("Emitió la constancia de envío %(number)s. Correos: %(mails)s."),
    ("statementrun", "make"): _("Mandó hacer estados de cuenta con corte al %(until)s: %(statements)s."),
    ("mailaccount", "connect"): _("Conectó la cuenta de correo «%(name)s» con su proveedor."),
    ("mailaccount", "set_sent_folder"): _("Puso el buzón de enviados de la cuenta de correo «%(name)s»."),
    ("mailaccount", "set_reading_mailbox"): _("Puso el buzón de lectura de la cuenta de correo «%(name)s»."),
    ("mailaccount", "remove_reading_mailbox"): _("Quitó el buzón de lectura de la cuenta de correo «%(name)s»."),
    ("mailaccount", "set_return_address"): _("Cambió a dónde vuelven los correos de «%(name)s»."),
    ("mailaccount", "open_webhook"): _("Creó la dirección de avisos del proveedor de «%(name)s»."),
    ("mailaccount", "renew_webhook"): _("Cambió la dirección de avisos del proveedor de «%(name)s»."),
    ("mailaccount", "set_webhook_key"): _("Puso la clave con que firma el proveedor de «%(name)s»."),
    ("mailaccount", "remove_sent_folder"): _("Quitó el buzón de enviados de la cuenta de correo «%(name)s»."),
}
OTHER = _("Hizo «%(verb)s» en «%(noun)s».")
# The page of a noun, by the name of its URL.
PLACES: Mapping[str, str] = {
    "party": "party",
    "invoice": "invoice",
    "mailing": "mailing",
    "import": "import",
    "statementrun": "statement_run",
    "mailaccount": "mail_account",
    "attestation": "attestation",
}
_APPS = {"company": "companies", "mailaccount": "transport", "party": "parties"}


class _Facts(dict[str, str]):
    """What a sentence is filled with; a fact that an old line does not hold is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def told(entry: AuditEntry, people: Mapping[int, str]) -> str:
    """`people`: names of users by id, for those that the facts name."""
    facts = _Facts({name: _plain(value) for name, value in entry.facts.items()})
    facts["person"] = people.get(entry.facts.get("user", 0), "")
    facts["fields"] = ", ".join(_changed(entry))
    if entry.facts.get("role") in Role.values:
        facts["role"] = str(Role(entry.facts["role"]).label)
    if entry.verb == "choose_doubt_rule":
        facts |= {name: str(DoubtRule(value).label) for name, value in entry.facts.items()}
    sentence = SENTENCES.get((entry.noun, entry.verb))
    if sentence is None:
        facts |= {"verb": entry.verb, "noun": entry.noun}
    return str(sentence or OTHER) % facts


def _changed(entry: AuditEntry) -> list[str]:
    now: Any = entry.facts.get("now")
    if entry.noun not in _APPS or not isinstance(now, dict):
        return []
    model = apps.get_model(_APPS[entry.noun], entry.noun)
    names = []
    for name in now:
        try:
            names.append(str(getattr(model._meta.get_field(name), "verbose_name", name)))
        except FieldDoesNotExist:
            names.append(name)
    if entry.facts.get("password"):
        names.append(str(_("contraseña")))
    return names


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
