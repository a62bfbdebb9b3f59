from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "cartero.platform"
    label = "platform"
