"""What the reader of a list of terceros hands to saving."""

from dataclasses import dataclass

from cartero.importing.refusals import Level, Remark


@dataclass(frozen=True, kw_only=True)
class PartyRow:
    """A tercero as a row tells it; what its columns do not tell is empty and changes nothing.

    `emails`: (address, roles) with values of `parties.models.AddressRole`. `where` is its row, for the screen.
    """

    source: str
    where: str
    tax_id: str
    name: str = ""
    id_type: str = ""
    check_digit: str = ""
    trade_name: str = ""
    emails: tuple[tuple[str, tuple[str, ...]], ...] = ()
    phone: str = ""
    city: str = ""
    groups: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    delivery_form: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def has_warnings(self) -> bool:
        return any(remark.level is Level.WARNING for remark in self.remarks)
