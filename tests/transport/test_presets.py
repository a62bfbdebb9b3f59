import pytest

from cartero.transport.presets import PRESETS, Preset, Security
from cartero.transport.resolving import MAIL_PORTS


def test_the_providers_that_people_have() -> None:
    assert list(PRESETS) == [
        *("gmail", "google_workspace", "microsoft_365", "outlook", "zoho"),
        *("ses", "postmark", "brevo", "hostinger", "cpanel"),
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
