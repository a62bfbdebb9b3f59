"""A real server of names on loopback, for which domains take mail."""

from collections.abc import Iterator
from contextlib import contextmanager

import dns.resolver
from dnslib import MX, QTYPE, RCODE, RR, A, DNSRecord
from dnslib.server import DNSServer

EXCHANGES = {"recibe.co": ["mx.recibe.co"], "nulo.co": ["."], "doble.co": [".", "mx.doble.co"]}
HOSTS = {"web.co"}
EXISTS = {"vacio.co"}


class Zone:
    """By name: exchanges, one host, nothing; the others are NXDOMAIN. `roto.co` fails, `mudo.co` is not answered."""

    def resolve(self, request: DNSRecord, _handler: object) -> DNSRecord:
        reply = request.reply()
        name = str(request.q.qname).rstrip(".")
        if name == "roto.co":
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in {*EXCHANGES, *HOSTS, *EXISTS}:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.MX:
            for exchange in EXCHANGES.get(name, []):
                reply.add_answer(RR(request.q.qname, QTYPE.MX, rdata=MX(exchange)))
        elif request.q.qtype == QTYPE.A and name in HOSTS:
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A("192.0.2.1")))
        return reply


@contextmanager
def served() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks it."""
    server = DNSServer(Zone(), address="127.0.0.1", port=0)
    server.start_thread()
    local = dns.resolver.Resolver(configure=False)
    local.nameservers, local.port = ["127.0.0.1"], server.server.server_address[1]
    yield local
    server.stop()
    server.server.server_close()
