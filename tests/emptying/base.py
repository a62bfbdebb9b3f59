"""Django's PostgreSQL, but what a test committed is deleted: making a hundred tables anew takes longer than a test."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    def sql_flush(self, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
        """Without keys and triggers, which ask for an order or forbid deleting. Sequences go on where they are."""
        deletions = [f"DELETE FROM {self.quote_name(table)}" for table in self._filled(tables)]  # noqa: S608
        return ["SET LOCAL session_replication_role = replica", *deletions]

    def _filled(self, tables: Sequence[str]) -> list[str]:
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quote_name(name)})" for name in tables]  # noqa: S608
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            return [table for (table,) in cursor.fetchall()]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
