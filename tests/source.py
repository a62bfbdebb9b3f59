"""The project's own source, as the tests that read it see it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cartero"


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @property
    def name(self) -> str:
        """Inside the repository: `cartero/mailings/states.py`."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """`cartero.mailings.states`; of a package its own name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def at(self, node: ast.AST, what: str = "") -> str:
        """`cartero/jobs.py:12 what`, for a message."""
        return f"{self.name}:{getattr(node, 'lineno', 1)} {what}".rstrip()

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Every name that is imported, in full: `django.db.models.TextChoices`."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))


def of(*folders: str) -> list[Source]:
    """Our Python files under `folders` of the repository; not migrations, which are written once and kept."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return [Source(file) for file in files if not {"migrations", ".venv"} & {*file.parts}]


def called(call: ast.Call) -> str:
    """What is called, as it is written: `still.update`."""
    return ast.unparse(call.func)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines without its decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1
