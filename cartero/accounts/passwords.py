import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cartero.accounts.models import User


class LongestPassword:
    """Refuses what is longer than anybody types: hashing it would only keep the machine busy."""

    LONGEST = 128

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > self.LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("La contraseña tiene más de %(longest)s caracteres. Use una más corta.") % {"longest": self.LONGEST}


class OwnWords:
    """Refuses a password that is little more than our name, or that of a company of hers: the first anybody tries."""

    ENOUGH = 8  # characters that are left without them
    SHORTEST = 4  # shorter words are in any sentence

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        left = _plain(password)
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < self.ENOUGH <= len(_plain(password)):
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        return _("No use el nombre de la empresa ni el de Cartero: es lo primero que alguien probaría.")

    def _words(self, user: AbstractBaseUser | None) -> set[str]:
        names = ["cartero"]
        if isinstance(user, User) and user.pk:
            for memberships in user.memberships.values_list("company__name", "company__trade_name"):
                names += memberships
        words = {word for name in names for word in re.split(r"\W+", _folded(name))}
        return {word for word in words if len(word) >= self.SHORTEST}


def _folded(text: str) -> str:
    """Without capitals and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _plain(text: str) -> str:
    """Its letters and digits alone."""
    return re.sub(r"[\W_]+", "", _folded(text))
