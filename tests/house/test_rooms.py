"""What the linter of imports cannot say of the rooms, and the house's own measures."""

import ast
import configparser
import re
import sys
import tomllib
from itertools import chain

import pytest
from house import FUNCTIONS, PACKAGES, ROOMS, TOP, all_modules, kept_files, modules

# What each room may import besides the standard library and the rooms below it.
LIBRARIES: dict[str, set[str]] = {
    "school": set(),
    "pages": {"markdown_it", "pydantic", "pydantic_core", "pyphen", "yaml"},
    "curriculum": {"pydantic"},
    "lessons": set(),
    "parents": {"pydantic"},
    "safeguarding": {"pydantic"},
    "staff": {"pydantic"},
}
# Parts of the standard library that touch the world: rooms are told the time, handed random bytes, and never wait.
OF_THE_WORLD = {
    *("asyncio", "concurrent", "multiprocessing", "queue", "sched", "signal", "subprocess", "threading"),
    *("ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "socketserver", "ssl", "urllib", "webbrowser"),
    *("os", "random", "secrets", "shelve", "sqlite3", "tempfile", "time"),
}
# Called on datetime, date, time or uuid, these look at a clock or at the machine's randomness.
TOLD = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "uuid1", "uuid4", "uuid6", "uuid7"}
OWNERS = {"datetime", "date", "time", "uuid"}

LONGEST_FILE, LONGEST_FUNCTION = 400, 60

LOCK_FILES = {
    *("Pipfile.lock", "bun.lock", "bun.lockb", "npm-shrinkwrap.json", "package-lock.json", "pdm.lock", "pixi.lock"),
    *("pnpm-lock.yaml", "poetry.lock", "pylock.toml", "uv.lock", "yarn.lock"),
}
# In pieces, so that this file does not hold what it looks for.
HOMES = "|".join(rf"/{name}/\w" for name in ("home", "Users", "root", "work"))
MACHINE_PATH = re.compile(rf"(?<![\w.:/-])(?:{HOMES}|[A-Z]:\\Users)")
HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"))
REGISTRY = re.compile("|".join(rf"\b{name}\.{top}\b" for name, top in HOSTS))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_libraries_it_was_given(room):
    known = {*sys.stdlib_module_names, *PACKAGES, *LIBRARIES[room]}

    strange = [
        f"{module.at(node)} {name}"
        for module in modules(room)
        for name, node in module.imports()
        if name.partition(".")[0] not in known
    ]

    assert strange == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_touches_nothing_of_the_world(room):
    touched = [
        f"{module.at(node)} {name}"
        for module in modules(room)
        for name, node in module.imports()
        if name.partition(".")[0] in OF_THE_WORLD
    ]

    assert touched == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_told_the_time_and_handed_its_ids(room):
    looked = [module.at(call) for module in modules(room) for call in ast.walk(module.tree) if _looks(call)]

    assert looked == []


def _looks(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id=owner) | ast.Attribute(attr=owner))):
            return attr in TOLD and owner in OWNERS
        case ast.Call(func=ast.Name(id=name)):
            return name in TOLD - {"time"}  # datetime.time is a value
    return False


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()", "uuid4()", "uuid.uuid4()"],
)
def test_a_look_at_the_clock_would_be_seen(line):
    assert any(_looks(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize("line", ["calendar.today(now)", "time(9, 30)", "datetime(2026, 9, 1)"])
def test_a_given_time_is_no_look_at_the_clock(line):
    assert not any(_looks(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_never_waits(room):
    waiting = [
        module.at(node)
        for module in modules(room)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]

    assert waiting == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_never_commits(room):
    commits = [
        module.at(node)
        for module in modules(room)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]

    assert commits == []


def test_nothing_is_imported_inside_a_function():
    inside = {
        module.at(node)
        for module in all_modules()
        for function in ast.walk(module.tree)
        if isinstance(function, FUNCTIONS)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert inside == set()


def test_no_file_is_longer_than_a_reader_has_patience():
    lengths = {str(module.path): len(module.text.splitlines()) for module in all_modules()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen():
    lengths = {
        f"{module.at(node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in all_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, FUNCTIONS)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_every_package_is_known_to_the_linter_and_to_the_type_checker():
    config = configparser.ConfigParser()
    config.read(TOP / ".importlinter", "utf-8")
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))

    there = {file.parent.name for file in TOP.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert there == set(PACKAGES)
    assert set(config["importlinter"]["root_packages"].split()) == set(PACKAGES)
    assert set(project["tool"]["mypy"]["packages"]) == {*PACKAGES, "benchmarks"}


def test_migrations_do_not_shadow_the_library():
    assert not (TOP / "alembic" / "__init__.py").exists()


def test_git_keeps_no_lock_file():
    assert [file for file in kept_files() if file.name in LOCK_FILES] == []


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["a path of one machine", "a registry's host"])
def test_git_keeps_no_file_with(pattern):
    found = list(chain.from_iterable(_lines_with(pattern, file) for file in kept_files()))

    assert found == []


def _lines_with(pattern, file):
    try:
        lines = file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, start=1):
        if pattern.search(line):
            yield f"{file.relative_to(TOP)}:{number}"


def test_a_path_of_one_machine_would_be_seen():
    folder = "home"

    assert MACHINE_PATH.search(f"open('/{folder}/sam/x')")
    assert not MACHINE_PATH.search("https://example.org/home/news")
