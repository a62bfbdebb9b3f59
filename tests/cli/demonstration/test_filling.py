import pytest

from cartero.cli.demonstration import filling
from cartero.cli.demonstration.filling import NotADemonstration
from tests.factories import make_company

pytestmark = pytest.mark.django_db


def test_it_does_not_mix_with_real_data():
    make_company()
    with pytest.raises(NotADemonstration):
        filling.refuse_real_data()


def test_a_demonstration_may_be_gone_on_with():
    make_company(is_demo=True)
    filling.refuse_real_data()


def test_there_is_one_person_of_each_role():
    assert [person.role for person in filling.people()] == ["admin", "sender", "preparer", "reader"]
