import pytest

from cartero.transport import presets
from cartero.transport.presets import PRESETS, Preset, Security
from cartero.transport.resolving import MAIL_PORTS
from cartero.transport.ways import BY_API, BY_CONSENT, Way


def test_the_providers_that_people_have() -> None:
    assert list(PRESETS) == [
        *("gmail", "google_workspace", "microsoft_365", "outlook", "zoho"),
        *("ses", "postmark", "brevo", "mailgun", "sendgrid", "hostinger", "cpanel"),
    ]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_a_preset_can_be_connected_to(preset: Preset) -> None:
    assert preset.port in MAIL_PORTS
    assert preset.security == (Security.TLS if preset.port == 465 else Security.STARTTLS)
    assert preset.connections >= 1
    assert preset.max_size >= 10_000_000


def test_the_limits_of_microsoft_365() -> None:
    preset = PRESETS["microsoft_365"]
    assert (preset.per_minute, preset.per_day, preset.connections) == (30, 10_000, 3)


def test_every_other_way_has_its_provider() -> None:
    assert {presets.of_way(way).other for way in BY_API | BY_CONSENT} == BY_API | BY_CONSENT
    assert presets.of_way(Way.GOOGLE).host == "smtp.gmail.com"
    assert presets.of_way(Way.MICROSOFT).host == "smtp.office365.com"
