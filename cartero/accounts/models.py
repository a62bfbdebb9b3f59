from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cartero.accounts.sessions import Session
from cartero.platform import fitting

__all__ = ["Session", "User"]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in; without a password, only after an invitation. Raises Unfit."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        fitting.check(user)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person, whatever companies she works for."""

    email = models.EmailField(_("correo"), max_length=254, unique=True)
    name = models.CharField(_("nombre"), max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """Two letters for the badge of the top bar."""
        words = str(self).replace("@", " ").split()
        return "".join(word[0] for word in words[:2]).upper()
