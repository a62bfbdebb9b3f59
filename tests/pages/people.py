"""The three people of the access tests: Ana administers a company, Bruno reads in it, Carla is of another."""

from dataclasses import dataclass

from cartero.accounts.models import User
from cartero.companies.models import Company
from cartero.companies.roles import Role
from tests.factories import make_company, make_user


@dataclass(frozen=True)
class People:
    company: Company
    ana: User
    bruno: User
    carla: User


def make_people() -> People:
    company = make_company(name="Valle Verde S.A.S.")
    return People(
        company=company,
        ana=make_user(company, Role.ADMIN, name="Ana Arango"),
        bruno=make_user(company, Role.READER, name="Bruno Botero"),
        carla=make_user(make_company(name="Otra S.A.S."), Role.ADMIN, name="Carla Cano"),
    )
