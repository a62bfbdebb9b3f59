import pytest

from cartero.transport.queue_ids import queue_id

CASES = [  # the reply to the final dot, and the server that writes so
    ("250 2.0.0 Ok: queued as 4F2B61C0A3", "4F2B61C0A3"),  # Postfix
    ("250 2.0.0 OK: queued as <202611241337.51@relay.example.com>", "202611241337.51@relay.example.com"),  # Brevo
    ("250 OK id=1tFa2b-0003Xy-Pq", "1tFa2b-0003Xy-Pq"),  # Exim
    (
        "250 2.6.0 <1@example.co> [InternalId=7812348, Hostname=CP1.example.com] 9 bytes. Queued mail for delivery",
        "7812348",
    ),  # Exchange
    ("250 2.0.0 4AODb5xx012345 Message accepted for delivery", "4AODb5xx012345"),  # Sendmail
    ("250 2.0.0 OK  1732455425 d2e1a72fcca58-724de4a2b3csm84b3a.12 - gsmtp", "d2e1a72fcca58-724de4a2b3csm84b3a.12"),
    (
        "250 Ok 0100019359f4b1aa-1c2d3e4f-0000-4444-8888-0123456789ab-000000",
        "0100019359f4b1aa-1c2d3e4f-0000-4444-8888-0123456789ab-000000",
    ),  # Amazon SES
    ("250 ok 1732455425 qp 20318", "20318"),  # qmail
    (
        "250 Message Queued (6B29FC40-CA47-1067-B31D-00DD010662DA.1)",
        "6B29FC40-CA47-1067-B31D-00DD010662DA.1",
    ),  # Haraka
    ("200 0100019359f4b1aa-1c2d3e4f", "0100019359f4b1aa-1c2d3e4f"),  # over an API
    ("250 Great success", ""),
    ("250 2.0.0 OK", ""),
    ("", ""),
]


@pytest.mark.parametrize(("reply", "expected"), CASES)
def test_queue_id(reply, expected):
    assert queue_id(reply) == expected
