"""What differs from country to country in documents and their mails. Nothing of a country stands anywhere else."""

from cartero.documents.countries.co import COLOMBIA
from cartero.documents.countries.country import Country
from cartero.documents.countries.generic import GENERIC

COUNTRIES = {country.code: country for country in (COLOMBIA, GENERIC)}


def of(code: str) -> Country:
    """The country of a company (`companies.models.Country`). Raises KeyError for one we do not know."""
    return COUNTRIES[code]
