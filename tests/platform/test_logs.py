import logging

import pytest

from cartero.platform.logs import WithoutSecrets

PATHS = [
    ("/proveedor/abcdefghijklmnopqrstuv/", "/proveedor/…/"),
    ("/v/abcdefghij.klmnopqrstuvw:xyz/pdf/", "/v/…/pdf/"),
    ("/facturas/12345/", "/facturas/12345/"),
    ("/configuracion/cuentas/7/", "/configuracion/cuentas/7/"),
]


@pytest.mark.parametrize(("path", "told"), PATHS)
def test_an_address_that_opens_something_is_not_told(path, told):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Forbidden", path), None)
    assert WithoutSecrets().filter(record)
    assert record.getMessage() == f"Forbidden: {told}"
