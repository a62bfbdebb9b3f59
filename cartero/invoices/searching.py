"""What documents are found by."""

from cartero.parties.models import Party
from cartero.platform import sql


def follow(party: Party) -> None:
    """After a change of the tercero's name. *Consumidor final* is many people: each document keeps its own name."""
    if not party.is_final_consumer:
        sql.run(__package__, "renamed", key=party.search_key, party=party.pk)
