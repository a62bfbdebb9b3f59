from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "cartero.mailings"
    label = "mailings"
    default_auto_field = "django.db.models.BigAutoField"
