"""Invented people, companies and things to bill. Nobody real: their NITs and cédulas are of numbers never given out."""

FIRST = (
    "Ana", "Andrés", "Beatriz", "Camila", "César", "Daniela", "Diego", "Esteban", "Fabián", "Gloria", "Héctor", "Inés",
    "Iván", "Jairo", "Juliana", "Lucía", "Luz Marina", "María José", "Martín", "Mónica", "Nicolás", "Óscar", "Patricia",
    "Raúl", "Rocío", "Sebastián", "Sofía", "Tomás", "Valentina", "Ximena", "Yolanda", "Zoraida",
)  # fmt: skip
SURNAMES = (
    "Acuña", "Arango", "Ávila", "Bolaños", "Buitrago", "Cárdenas", "Castañeda", "Díaz", "Echeverri", "Gómez", "Ibáñez",
    "Jiménez", "Londoño", "Marín", "Múnera", "Muñoz", "Núñez", "Ordóñez", "Ospina", "Peña", "Quiñones", "Restrepo",
    "Rincón", "Saldaña", "Tobón", "Ulloa", "Vélez", "Yáñez", "Zapata", "Zúñiga",
)  # fmt: skip
TRADES = (
    "Cafetería", "Clínica Veterinaria", "Comercializadora", "Confecciones", "Constructora", "Droguería", "Ferretería",
    "Floristería", "Inversiones", "Jardín Infantil", "Lavandería", "Librería", "Miscelánea", "Muebles", "Óptica",
    "Panadería", "Papelería", "Restaurante", "Textiles", "Transportes",
)  # fmt: skip
SIGNS = (
    "Aguas Claras", "Altamira", "Buenos Aires", "Doña Inés", "Dos Ríos", "El Búho", "El Guayacán", "El Niño Feliz",
    "El Peñón", "El Roble", "El Sueño", "La Cañada", "La Ceiba", "La Montaña", "La Ñapa", "Las Acacias", "Los Andes",
    "Los Cerezos", "Maná", "Nuevo Año", "Piñalito", "San Jerónimo", "Santa Lucía", "Tres Esquinas", "Villa Nieves",
)  # fmt: skip
FORMS = ("S.A.S.", "S.A.S.", "S.A.S.", "Ltda.", "S.A.", "& Cía. S. en C.")
LONG_NAMES = (
    "Fundación para el Desarrollo Integral de la Niñez, la Adolescencia y las Familias Campesinas del Oriente Cercano",
    "Cooperativa Multiactiva de Pequeños Productores de Caña Panelera, Cacao y Café de las Veredas de la Montaña Alta",
    'Asociación de Copropietarios del Conjunto Residencial "Mirador de los Ángeles", Etapas Primera, Segunda y Tercera',
)
CITIES = (("Medellín", "Antioquia"), ("Bogotá, D.C.", "Bogotá"), ("Envigado", "Antioquia"), ("Cali", "Valle del Cauca"))
GROUPS = ("Inquilinos", "Propietarios", "Clientes")
ZONES = ("Norte", "Centro", "Sur", "Oriente")
ABROAD = (("Blue Harbour Imports LLC", "US", "Miami"), ("Ñandú Servicios Compartidos S.p.A.", "CL", "Santiago"))

# Description, unit by table 13.3.6, least and greatest price, VAT in percent (None: excluded)
ITEMS: tuple[tuple[str, str, int, int, int | None], ...] = (
    ("Cuota de administración", "MON", 280_000, 1_450_000, None),
    ("Arrendamiento de vivienda", "MON", 900_000, 2_800_000, None),
    ("Arrendamiento de local comercial", "MON", 1_600_000, 7_500_000, 19),
    ("Arriendo de parqueadero", "MON", 90_000, 260_000, 19),
    ("Fondo de imprevistos", "94", 9_000, 45_000, None),
    ("Uso del salón comunal", "94", 60_000, 180_000, 19),
    ("Servicio de vigilancia y monitoreo", "MON", 120_000, 640_000, 19),
    ("Reparación de cañerías y desagües", "94", 85_000, 950_000, 19),
    ("Mantenimiento de ascensores", "94", 150_000, 870_000, 19),
    ("Aseo de zonas comunes", "HUR", 14_000, 26_000, 19),
    ("Suministro de café y azúcar para la sala de juntas", "KGM", 22_000, 48_000, 5),
    ("Bombillos LED de 9 W", "94", 6_500, 14_900, 19),
    ("Comisión por administración de inmuebles (8 % del canon)", "94", 72_000, 310_000, 19),
)
ABROAD_ITEM = ("Asesoría en administración de inmuebles", "HUR", 40, 95, 0)
