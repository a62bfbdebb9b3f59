"""The demonstration's mailbox: addresses are Spanish, names English."""

from django.urls import path

from cartero.pages.mailbox import detail, files, index

urlpatterns = [
    path("", index.index, name="mailbox"),
    path("<slug:key>/", detail.detail, name="kept_mail"),
    path("<slug:key>/html/", files.html, name="kept_mail_html"),
    path("<slug:key>/fuente/", files.source, name="kept_mail_source"),
    path("<slug:key>/eml/", files.eml, name="kept_mail_eml"),
    path("<slug:key>/adjunto/<int:position>/", files.attachment, name="kept_mail_attachment"),
    path("<slug:key>/adjunto/<int:position>/<int:entry>/", files.entry, name="kept_mail_entry"),
]
