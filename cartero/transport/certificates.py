"""Certificates of mail servers: whether we believe one, and in words what is wrong with it."""

import hashlib
import ssl
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext as _

from cartero.transport.replies import Kind

# X509_V_ERR_* of OpenSSL.
_EXPIRED = frozenset({9, 10})
_OTHER_HOST = frozenset({62, 64})


def verifying() -> ssl.SSLContext:
    return ssl.create_default_context()


def unverified() -> ssl.SSLContext:
    """For a certificate whose fingerprint is compared next, or that is only looked at."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fingerprint(der: bytes) -> str:
    """SHA-256 in lower-case hexadecimal digits, as an account's `trusted_certificate` holds it."""
    return hashlib.sha256(der).hexdigest()


def kind_of(error: ssl.SSLError) -> Kind:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Kind.TLS
    if error.verify_code in _EXPIRED:
        return Kind.CERTIFICATE_EXPIRED
    return Kind.CERTIFICATE_OTHER_HOST if error.verify_code in _OTHER_HOST else Kind.CERTIFICATE_UNKNOWN


def describe(der: bytes) -> str:
    """Which certificate it is, until when, and its fingerprint."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        names, until, issuer = _names(certificate), certificate.not_valid_after_utc, _common_name(certificate.issuer)
    except ValueError:
        return _("No se puede leer el certificado. Huella SHA-256: %(fingerprint)s") % {"fingerprint": fingerprint(der)}
    facts = {"names": names, "issuer": issuer, "until": _day(until), "fingerprint": fingerprint(der)}
    return (
        _("Certificado de %(names)s, emitido por %(issuer)s, vence el %(until)s. Huella SHA-256: %(fingerprint)s")
        % facts
    )


def _names(certificate: x509.Certificate) -> str:
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = alternative.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        names = []
    return ", ".join(names[:3]) or _common_name(certificate.subject)


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _day(moment: datetime) -> str:
    return moment.strftime("%d/%m/%Y")
