from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongestPassword:
    """Refuses what is longer than anybody types: hashing it would only keep the machine busy."""

    LONGEST = 128

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > self.LONGEST:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("La contraseña tiene más de %(longest)s caracteres. Use una más corta.") % {"longest": self.LONGEST}
