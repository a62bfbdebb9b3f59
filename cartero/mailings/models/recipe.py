from django.db import models

from cartero.companies.models import Company
from cartero.mailings.models.mailing import Mailing


class Recipe(models.Model):
    """What mails of a mailing were made with, and who they were from: `recipes.facts`. Seldom more than one.

    With the look and the message, which the mailing keeps, and `Delivery.proof` it makes the same bytes again.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="recipes")
    digest = models.CharField(max_length=64)  # of the facts
    facts = models.JSONField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "digest"], name="recipe_once")]
