"""Importar: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages.imports import columns, conflicts, detail, examples, index

urlpatterns = [
    path("", index.index, name="imports"),
    path("subir/", index.upload, name="upload_import"),
    path("ejemplos/<str:name>.xlsx", examples.example, name="import_example"),
    path("conflictos/", conflicts.index, name="conflicts"),
    path("conflictos/<int:pk>/", conflicts.detail, name="conflict"),
    path("conflictos/<int:pk>/decidir/", conflicts.decide, name="decide_conflict"),
    path("conflictos/<int:pk>/archivos/<int:position>/", conflicts.file, name="conflict_file"),
    path("conflictos/<int:pk>/aqui/<int:file_pk>/", conflicts.file_here, name="conflict_file_here"),
    path("<int:pk>/", detail.detail, name="import"),
    path("<int:pk>/xlsx/", detail.xlsx, name="import_xlsx"),
    path("<int:pk>/columnas/", columns.columns, name="import_columns"),
]
