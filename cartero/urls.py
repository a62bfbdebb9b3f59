"""Joins pages and the doors that will stand beside them; nothing else."""

from django.urls import include, path

urlpatterns = [path("", include("cartero.pages.urls"))]

handler403 = "cartero.pages.errors.forbidden"
handler404 = "cartero.pages.errors.not_found"
handler500 = "cartero.pages.errors.broken"
