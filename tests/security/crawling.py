"""Every address of Cartero by introspection, and how its parts are filled with what a world has."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cartero.accounts.models import Session
from cartero.companies.roles import Role
from cartero.mailings import links
from cartero.mailings.states import MailingStatus
from tests.security.worlds import World

Value = int | str

# Which thing of a world a part of an address names: the first line that fits the address up to that part, a bar, and
# the rest of it. A part that no line fits fails the crawl.
OWNED: Mapping[str, Callable[[World], Value]] = {
    r"^baja/<str:token>\|": lambda world: links.token(
        links.key_of(world.company), world.delivery.pk, links.Purpose.UNSUBSCRIBE
    ),
    r"^v/<str:token>\|": lambda world: links.token(links.key_of(world.company), world.delivery.pk),
    r"^cuenta/sesiones/<str:mark>\|": lambda world: Session(session_key=world.careful.session.session_key).mark,
    r"^empresa/<int:pk>\|": lambda world: world.company.pk,
    r"^facturas/observaciones/<int:pk>\|": lambda world: world.answer.pk,
    r"^facturas/estados-de-cuenta/<int:pk>\|": lambda world: world.run.pk,
    r"^facturas/<int:pk>\|": lambda world: world.invoice.pk,
    r"^facturas/.*<int:delivery_pk>\|": lambda world: world.delivery.pk,
    r"^facturas/.*<int:file_pk>\|": lambda world: world.file.pk,
    r"^terceros/grupos/<int:pk>\|": lambda world: world.group.pk,
    r"^terceros/correos/<int:pk>\|": lambda world: world.address.pk,
    r"^terceros/por-corregir/<int:pk>\|": lambda world: world.address.pk,
    r"^terceros/<int:pk>\|": lambda world: world.party.pk,
    r"^terceros/.*<int:delivery_pk>\|": lambda world: world.delivery.pk,
    r"^terceros/.*<int:group_pk>\|": lambda world: world.group.pk,
    r"^envios/<int:pk>\|/correos/<int:delivery_pk>/eml/": lambda world: world.mailings[MailingStatus.STOPPED].pk,
    r"^envios/.*<int:delivery_pk>\|/eml/": lambda world: world.doubtful.pk,
    r"^envios/<int:pk>\|": lambda world: world.mailing.pk,
    r"^envios/.*<int:invoice_pk>\|": lambda world: world.invoice.pk,
    r"^envios/.*<int:delivery_pk>\|": lambda world: world.delivery.pk,
    r"^importar/conflictos/<int:pk>\|": lambda world: world.conflict.pk,
    r"^importar/conflictos/.*<int:file_pk>\|": lambda world: world.file.pk,
    r"^importar/<int:pk>\|/columnas/": lambda world: world.asking.pk,
    r"^importar/<int:pk>\|": lambda world: world.source.pk,
    r"^configuracion/cuentas/<(int:)?pk>\|": lambda world: world.account.pk,
    r"^configuracion/plantillas/<int:pk>\|": lambda world: world.template.pk,
    r"^configuracion/usuarios/<int:pk>\|": lambda world: world.membership(Role.READER).pk,
    r"^informes/terceros/<int:pk>\|": lambda world: world.party.pk,
    r"^informes/envios/<int:pk>\|": lambda world: world.mailing.pk,
    r"^informes/constancias/<int:pk>\|": lambda world: world.attestation.pk,
    r"^informes/constancias/factura/<int:pk>\|": lambda world: world.invoice.pk,
    r"^informes/constancias/tercero/<int:pk>\|": lambda world: world.party.pk,
    r"^informes/constancias/envio/<int:pk>\|": lambda world: world.mailing.pk,
}
# What belongs to nobody.
PLAIN: Mapping[str, Value] = {
    r"^terceros/.*<slug:verb>\|": "principal",
    r"^configuracion/cuentas/.*<verb>\|": "desactivar",
    r"^configuracion/usuarios/invitacion/<str:token>\|": "nada",
    r"^constancia/<str:code>\|": "nada",
    r"^importar/ejemplos/<str:name>\|": "facturas",
    r"^importar/conflictos/.*<int:position>\|": 0,
    r"^avisos/<str:token>\|": "nada",
    r"^proveedor/<str:key>\|": "nada",
    r"^v/.*<int:position>\|": 1,
    r"^v/.*/responder/<slug:kind>\|": "conforme",
    r"^v/.*<slug:kind>\|": "pdf",
    r"^buzon/<slug:key>\|": "nada",
    r"^buzon/.*<int:(position|entry)>\|": 0,
    r"<uidb36>": "1",
    r"<key>": "nada",
}
KEPT_APART = ("accounts_session", "platform_cache")  # a GET may write these two
NOWHERE = 2**40


@dataclass(frozen=True)
class Address:
    """A pattern; `route` is all of it, from the root."""

    route: str
    pattern: URLPattern

    @property
    def name(self) -> str:
        return str(self.pattern.name)

    @property
    def view(self) -> Callable[..., object]:
        return self.pattern.callback

    @property
    def required_role(self) -> Role | None:
        return getattr(self.view, "required_role", None)

    @property
    def is_ours(self) -> bool:
        return self.view.__module__.startswith("cartero.")

    @property
    def owned(self) -> list[str]:
        """The parts that name something of a company."""
        return [part for part in self._parts if _owner(self._until(part))]

    def url(self, world: World, strange: World | None = None, *parts: str) -> str:
        """With what `world` has; the named parts from `strange`."""
        values = {part: self._value(part, strange if strange and part in parts else world) for part in self._parts}
        return reverse(self.name, kwargs=values)

    def url_nowhere(self, world: World, *parts: str) -> str:
        """The named parts are ids of nothing."""
        values = {part: NOWHERE if part in parts else self._value(part, world) for part in self._parts}
        return reverse(self.name, kwargs=values)

    @property
    def _parts(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def _until(self, part: str) -> str:
        end = re.search(rf"<(?:\w+:)?{part}>", self.route).end()
        return f"{self.route[:end]}|{self.route[end:]}"

    def _value(self, part: str, world: World) -> Value:
        owner = _owner(self._until(part))
        if owner:
            return owner(world)
        for pattern, value in PLAIN.items():
            if re.search(pattern, self._until(part)):
                return value
        raise LookupError(f"say in tests/security/crawling.py what <{part}> of {self.route} is")


def _owner(route: str) -> Callable[[World], Value] | None:
    return next((value for pattern, value in OWNED.items() if re.search(pattern, route)), None)


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_under(get_resolver("cartero.urls"), ""))


def _under(resolver: URLResolver, before: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", str(pattern.pattern)).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from _under(pattern, route)
        else:
            yield Address(route, pattern)


HTMX = {"HX-Request": "true"}


def snapshot() -> dict[str, tuple[int, Decimal]]:
    """How many rows each table has, and the sum of their hashes."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        one = "SELECT '{0}', count(*), sum(hashtextextended(t::text, 0)) FROM {0} t"
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


def changed(since: dict[str, tuple[int, Decimal]], *apart: str) -> set[str]:
    """The tables whose rows are others, but for those that may be."""
    now = snapshot()
    return {table for table in now if now[table] != since.get(table)} - {*apart}


def rows_of(world: World) -> dict[str, tuple[int, Decimal]]:
    """The same of what belongs to one company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'company_id'")
        tables = sorted(row[0] for row in cursor.fetchall())
        one = "SELECT '{0}', count(*), sum(hashtextextended(t::text, 0)) FROM {0} t WHERE company_id = %s"
        cursor.execute(" UNION ALL ".join(one.format(table) for table in tables), [world.company.pk] * len(tables))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}
