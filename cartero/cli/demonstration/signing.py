"""What looks like the signature of a document and is none: the right shape (XMLDSig, XAdES), random values."""

import base64
import random

_DIGEST = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{}</ds:DigestValue>'
_CANONICAL = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_METHOD = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_ISSUER = "CN=Autoridad de la demostración, sin validez,O=Demostración,C=CO"


def signature(seed: str, day: str, hour: str) -> str:
    """The extension that a signed document carries; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  it signs nothing
    name = f"xmldsig-{chance.getrandbits(64):016x}"
    digests = [base64.b64encode(chance.randbytes(32)).decode() for _ in range(3)]
    value = base64.b64encode(chance.randbytes(256)).decode()
    certificate = base64.b64encode(chance.randbytes(1100)).decode()
    return (
        f'<ext:UBLExtension><ext:ExtensionContent><ds:Signature Id="{name}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{_CANONICAL}"/><ds:SignatureMethod Algorithm="{_METHOD}"/>'
        f'<ds:Reference Id="{name}-ref0" URI="">{_DIGEST.format(digests[0])}</ds:Reference>'
        f'<ds:Reference URI="#{name}-keyinfo">{_DIGEST.format(digests[1])}</ds:Reference></ds:SignedInfo>'
        f'<ds:SignatureValue Id="{name}-sigvalue">{value}</ds:SignatureValue>'
        f'<ds:KeyInfo Id="{name}-keyinfo"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>'
        f'</ds:X509Data></ds:KeyInfo><ds:Object><xades:QualifyingProperties Target="#{name}">'
        f"<xades:SignedProperties><xades:SignedSignatureProperties><xades:SigningTime>{day}T{hour}</xades:SigningTime>"
        f"<xades:SigningCertificate><xades:Cert><xades:CertDigest>{_DIGEST.format(digests[2])}</xades:CertDigest>"
        f"<xades:IssuerSerial><ds:X509IssuerName>{_ISSUER}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{chance.getrandbits(60)}</ds:X509SerialNumber></xades:IssuerSerial></xades:Cert>"
        "</xades:SigningCertificate></xades:SignedSignatureProperties></xades:SignedProperties>"
        "</xades:QualifyingProperties></ds:Object></ds:Signature></ext:ExtensionContent></ext:UBLExtension>"
    )
