"""What the tercero sees behind the link of a mail: no login; whoever has the link may come."""

from django.urls import path

from cartero.pages.recipient import answers, letter, pixel

urlpatterns = [
    path("<str:token>/", letter.letter, name="recipient"),
    path("<str:token>/ver/<int:position>/", letter.see, name="recipient_see"),
    path("<str:token>/<int:position>.pdf", letter.pdf, name="recipient_pdf"),
    path("<str:token>/p.gif", pixel.pixel, name="recipient_pixel"),
    path("<str:token>/bajar/<int:position>/<slug:kind>/", letter.download, name="recipient_download"),
    path("<str:token>/responder/<slug:kind>/", answers.answer, name="recipient_answer"),
]
