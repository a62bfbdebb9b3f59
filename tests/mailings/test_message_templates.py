import pytest

from cartero.companies.models import AuditEntry
from cartero.mailings import message_templates
from cartero.mailings.message_templates import NameTaken
from cartero.mailings.models import MessageTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(company):
    return MessageTemplate.objects.create(company=company, name="Mensual", subject="Julio", message_html="<p>Hola</p>")


def test_what_is_saved_is_in_the_trail(template, ana):
    template.subject = "Agosto"
    message_templates.save(template, by=ana)
    message_templates.save(MessageTemplate(company=template.company, name="Otra", message_html="<p>x</p>"), by=ana)
    verbs = AuditEntry.objects.filter(noun="messagetemplate").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["change", "create"]


def test_a_copy_of_a_long_name_fits(template, ana):
    template.name = "Ñ" * 60
    template.save()
    copies = [message_templates.duplicate(template, by=ana) for _n in range(3)]
    assert len({copy.name for copy in copies}) == 3
    assert all(len(copy.name) <= 60 for copy in copies)
    assert copies[0].message_html == template.message_html


def test_a_deleted_one_comes_back_as_it_was(template, company, ana):
    kept = message_templates.delete(template, by=ana)
    assert not MessageTemplate.objects.exists()
    back = message_templates.restore(company, kept, by=ana)
    assert (back.name, back.subject, back.message_html, back.kind) == ("Mensual", "Julio", "<p>Hola</p>", template.kind)


def test_it_does_not_come_back_over_another_of_its_name(template, company, ana):
    kept = message_templates.delete(template, by=ana)
    message_templates.save(MessageTemplate(company=company, name="Mensual", message_html="<p>x</p>"), by=ana)
    with pytest.raises(NameTaken):
        message_templates.restore(company, kept, by=ana)
