"""The house as files: its rooms, its modules, and what is kept of it in Git."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROOMS = ("school", "pages", "curriculum", "lessons", "parents", "safeguarding", "staff")
PACKAGES = (*ROOMS, "bot")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One file of ours; `path` is from the top of the house."""

    path: Path
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def imports(self) -> Iterator[tuple[str, ast.AST]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module, node


@cache
def modules(package: str) -> tuple[Module, ...]:
    files = sorted((TOP / package).rglob("*.py"))
    texts = [(file.relative_to(TOP), file.read_text("utf-8")) for file in files]
    return tuple(Module(path, text, ast.parse(text, str(path))) for path, text in texts)


def all_modules() -> Iterator[Module]:
    for package in PACKAGES:
        yield from modules(package)


@cache
def kept_files() -> tuple[Path, ...]:
    """What Git keeps; nothing where this is not a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0")
    return tuple(TOP / name for name in names if name and (TOP / name).is_file())
