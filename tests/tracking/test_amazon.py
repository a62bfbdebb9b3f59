import pytest

from cartero.tracking.amazon import TrackingReader, confirms, is_certificate
from cartero.tracking.recording import ComeAgain

GOOD = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:1:x&Token=abc"
CASES = [
    (GOOD, True),
    (GOOD.replace("us-east-1.amazonaws.com", "us-gov-west-1.amazonaws.com"), True),
    (GOOD.replace("https", "http"), False),
    (GOOD.replace("sns.us-east-1.amazonaws.com", "sns.us-east-1.amazonaws.com.atacante.example.com"), False),
    (GOOD.replace("sns.us-east-1.amazonaws.com", "atacante.example.com"), False),
    (GOOD.replace("https://", "https://sns.us-east-1.amazonaws.com@"), False),
    (GOOD.replace("https://sns", "https://a:b@sns"), False),
    (GOOD.replace("amazonaws.com/", "amazonaws.com:8443/"), False),
    (GOOD.replace("sns.", "s3."), False),  # whose contents anybody writes
    (GOOD.replace("ConfirmSubscription", "Publish"), False),
    (GOOD.replace("/?", "/otra?"), False),
    ("https://169.254.169.254/latest/meta-data/", False),
    ("https://[::1", False),
    ("", False),
]


@pytest.mark.parametrize(("url", "yes"), CASES)
def test_only_amazon_s_own_address_is_asked(url, yes):
    assert confirms(url) == yes


PEM = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
CERTIFICATES = [
    (PEM, True),
    (PEM.replace("https", "http"), False),
    (PEM.replace("amazonaws.com", "amazonaws.com.atacante.example.com"), False),
    (PEM.replace("sns.us-east-1", "bucket.s3"), False),
    (PEM.replace("/Simple", "/otra/Simple"), False),
    (f"{PEM}?x=1", False),
    (PEM.replace("0123456789abcdef", "../../x"), False),
    ("", False),
]


@pytest.mark.parametrize(("url", "yes"), CERTIFICATES)
def test_only_amazon_s_own_certificate_is_asked_for(url, yes):
    assert is_certificate(url) == yes


def test_a_name_that_leads_home_is_not_asked(db):
    reader = TrackingReader(webhook_secret="cartero:x", lookup=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(ComeAgain):
        reader.auto_confirm_sns_subscription({"SubscribeURL": GOOD})
    with pytest.raises(ComeAgain):
        reader._certificate(PEM)
