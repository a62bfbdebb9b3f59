"""What the demonstration tells of one day, written once for all tests that read it."""

from datetime import date

from cartero.cli.demonstration import sales
from cartero.cli.demonstration.sales import Plan

TODAY = date(2026, 11, 24)
STORY = sales.write(Plan(today=TODAY))
ELECTRONIC = [sale.data for sale in STORY.sales if sale.is_electronic]
