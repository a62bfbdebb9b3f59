import pytest

from cartero.transport import providers
from cartero.transport.providers import PROVIDERS
from cartero.transport.ways import BY_API, Way

HOSTS = [
    (Way.SES, "sa-east-1", "email.sa-east-1.amazonaws.com"),
    (Way.SES, "us-gov-west-1", "email.us-gov-west-1.amazonaws.com"),
    (Way.POSTMARK, "", "api.postmarkapp.com"),
    (Way.BREVO, "", "api.brevo.com"),
    (Way.MAILGUN, "", "api.mailgun.net"),
    (Way.MAILGUN, "eu", "api.eu.mailgun.net"),
    (Way.SENDGRID, "eu", "api.eu.sendgrid.com"),
]


@pytest.mark.parametrize(("way", "region", "host"), HOSTS)
def test_where_an_api_is(way, region, host):
    assert providers.host_of(way, region) == host


@pytest.mark.parametrize(
    ("way", "region"),
    [
        (Way.SES, ""),
        (Way.SES, "x.evil.example.com/"),
        (Way.SES, "us-east-1\n"),
        (Way.MAILGUN, "mars"),
        (Way.BREVO, "eu"),
    ],
)
def test_a_region_is_one_of_the_providers(way, region):
    with pytest.raises(KeyError):
        providers.host_of(way, region)


def test_every_way_by_api_has_its_provider():
    assert set(PROVIDERS) == BY_API
    for provider in PROVIDERS.values():
        assert provider.max_size >= 10_000_000
        assert all(region in provider.hosts or "" in provider.hosts for region in provider.regions)
