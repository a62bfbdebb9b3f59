from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "cartero.companies"
    label = "companies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cartero.companies import checks  # noqa: F401  # registers itself
