from cartero.importing.models import Conflict, Import, ImportStatus
from tests.importing.ubl_documents import delivery, zipped
from tests.pages.looking import look_at


def test_the_pages_of_importing_are_whole(server, chromium, signed_in, people, receive):
    files = delivery("FE10") | {"un nombre de archivo muy largo que no cabe en ninguna parte de la tabla.xml": b"<x/>"}
    done = receive({"uno.zip": zipped(files)})
    receive({"dos.zip": zipped(delivery("FE10", totals=TOTAL))})
    asked = receive({"raro.csv": "Ref;Quién;Nombre;Plata;Día\nFE1;900511204;Los Cerezos;1250000,50;2026-07-01\n"})
    doubt = receive({"duda.csv": "Factura;NIT;Cliente;Total;Fecha\nFE1;900511204;Los Cerezos;1.250;2026-07-01\n"})
    reading = Import.objects.create(company=people.company, names=["x.zip"], status=ImportStatus.READING, read=3200)
    conflict = Conflict.objects.get()
    pages = {
        "imports": "/importar/",
        "import": f"/importar/{done.pk}/",
        "import-reading": f"/importar/{reading.pk}/",
        "import-columns": f"/importar/{asked.pk}/columnas/",
        "import-decimal": f"/importar/{doubt.pk}/columnas/",
        "conflicts": "/importar/conflictos/",
        "conflict": f"/importar/conflictos/{conflict.pk}/",
    }
    look_at(chromium, server, signed_in(people.ana, server), pages)


TOTAL = '<cbc:PayableAmount currencyID="COP">120000.00</cbc:PayableAmount>'
