"""The door of the worker: every background task and its schedule, the whole catalogue."""

from procrastinate.contrib.django import app
