"""The house style where a machine can see it: each test names file and line of what breaks a rule.

Where code breaks a rule for a good reason, the exception stands beside the rule with that reason.
"""

import ast
import inspect
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests import source
from tests.source import PACKAGE, ROOT, Source

CODE = source.of("cartero")
TESTS = [each for each in source.of("tests") if each.path.name != "test_architecture.py"]
BY_MODULE = {each.module: each for each in CODE}


def none(findings: Iterator[str] | list[str]) -> None:
    found = sorted(findings)
    assert not found, "\n".join(["", *found])


# Values in, values out.

PURE = (
    "mailings/states.py",
    "mailings/looking.py",
    "mailings/explaining.py",
    "mailings/retrying.py",
    *(
        f"tracking/{name}.py"
        for name in ("feedback", "phrases", "weighing", "parts", "senders", "dsn", "plain", "arf", "answers")
    ),
    "tracking/reading.py",
    "tracking/scanners.py",
    "tracking/provider_events.py",
    "importing/columns.py",
    "importing/headings.py",
    "importing/parcels.py",
    "importing/party_rows.py",
    "importing/refusals.py",
    "importing/readers/**/*.py",
    "documents/**/*.py",
    "composing/**/*.py",
    "platform/wire.py",
    "transport/envelope.py",
    "transport/api_answers.py",
    "transport/authorities.py",
    "transport/explanations.py",
    "transport/mailbox_words.py",
    "transport/granting.py",
    "transport/pacing.py",
    "transport/presets.py",
    "transport/providers.py",
    "transport/queue_ids.py",
    "transport/replies.py",
    "transport/ways.py",
    "invoices/data.py",
    "invoices/serial.py",
    "invoices/kinds.py",
    "invoices/states.py",
    "parties/addresses.py",
    "parties/slips.py",
    "accounts/devices.py",
    "companies/roles.py",
    "platform/errors.py",
    "platform/formats.py",
)
FROM_DJANGO = ("django.utils.translation.", "django.utils.functional.Promise")
TEXT_CHOICES = "django.db.models.TextChoices"
WORLD = (
    "asyncio", "dns", "http", "imap_tools", "imaplib", "logging", "multiprocessing", "os", "procrastinate", "psycopg",
    "random", "requests", "secrets", "shutil", "signal", "smtplib", "socket", "ssl", "subprocess", "tempfile",
    "threading", "time", "urllib.request", "uuid",
)  # fmt: skip
WORLD_ALLOWED = {
    ("cartero/documents/typst.py", "threading"): "a compiler for each thread, because Typst's is not to be shared",
    ("cartero/importing/readers/sources.py", "os"): "walks the folder that an import is given; reads nothing else",
}
CLOCKS = re.compile(r"^(datetime|date|timezone|time)\.(now|today|utcnow|localdate|localtime|time|monotonic)$")


def pure() -> list[Source]:
    return [Source(file) for pattern in PURE for file in sorted(PACKAGE.glob(pattern))]


def under(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_a_pure_file_imports_no_world():
    def impure(name: str, file: str) -> bool:
        if name.startswith("django"):
            return not (name == TEXT_CHOICES or name.startswith(FROM_DJANGO))
        return any(under(name, package) and (file, package) not in WORLD_ALLOWED for package in WORLD)

    none(file.at(node, name) for file in pure() for node, name in file.imports() if impure(name, file.name))


def test_a_pure_file_imports_none_that_is_not():
    modules = {file.module for file in pure()}

    def stays(name: str) -> bool:
        return name in modules or name.rpartition(".")[0] in modules

    none(
        file.at(node, name)
        for file in pure()
        for node, name in file.imports()
        if under(name, "cartero") and not stays(name)
    )


def test_a_pure_file_asks_no_clock():
    none(
        file.at(call, source.called(call))
        for file in pure()
        for call in file.calls()
        if CLOCKS.match(source.called(call))
    )


# Imports.

IMPORTED_LATE = {
    "cartero/__main__.py": "the command line starts PostgreSQL before Django is loaded",
}


def test_imports_stand_at_the_top():
    none(
        file.at(node, f"in {function.name}()")
        for file in CODE
        if file.path.name != "apps.py" and file.name not in IMPORTED_LATE
        for function in file.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def test_no_cycle_hides_behind_type_checking():
    none(file.at(node, name) for file in CODE for node, name in file.imports() if name.endswith(".TYPE_CHECKING"))


FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "misc", "base", "manager"}
DJANGO_ASKS = {"tests.emptying.base"}  # for a database engine to be called so


def test_no_module_is_named_for_nothing():
    none(
        each.name
        for each in CODE + TESTS
        if FORBIDDEN_NAMES & {*each.module.split(".")} and each.module not in DJANGO_ASKS
    )


DJANGOS = {"new_file", "_new_conn"}  # of an upload handler, of urllib3


def test_no_function_is_named_for_nothing():
    vague = re.compile(r"_?(do_\w+|handle|process_data|\w+_v\d+|new_\w+)")
    none(
        file.at(function, function.name)
        for file in CODE
        for function in file.functions()
        if vague.fullmatch(function.name) and function.name not in DJANGOS
    )


# State is moved by one statement, in one place.

WRITERS = {"cartero/mailings/lifecycle.py", "cartero/mailings/outcomes.py"}
WRITES = re.compile(r"(^|\.)(update|create|bulk_create|get_or_create|update_or_create|Mailing|Delivery)$")
OTHER_STATUS = {"cartero/importing/intake.py": "the only writer of Import.status, a compare-and-set as in lifecycle"}


def test_only_lifecycle_and_outcomes_write_a_status():
    def writes(file: Source) -> Iterator[str]:
        for call in file.calls():
            if WRITES.search(source.called(call)) and any(keyword.arg == "status" for keyword in call.keywords):
                yield file.at(call, source.called(call))
        for node in file.nodes:
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                    yield file.at(node, ast.unparse(node))

    none(each for file in CODE if file.name not in WRITERS | OTHER_STATUS.keys() for each in writes(file))


def test_only_the_statements_of_outcomes_write_the_status_of_deliveries():
    """And of mailings: none does. What registering inserts and what outcomes runs."""
    writing = re.compile(
        r"UPDATE\s+mailings_(?:mailing|delivery)\b[^;]*?\bSET\b(?:(?!\bWHERE\b)[^;])*?\bstatus\s*="
        r"|INSERT\s+INTO\s+mailings_(?:mailing|delivery)\s*\([^)]*\bstatus\b",
        re.S,
    )
    own = {re.search(r'"([a-z_]+)"', line)[1] for line in _sql_runs(BY_MODULE["cartero.mailings.outcomes"])}
    own |= {"register", "register_grouped", "resend"}  # a new delivery begins as pending or skipped
    none(file.name for file in PACKAGE.rglob("*.sql") if writing.search(file.read_text()) and file.stem not in own)


def _sql_runs(file: Source) -> Iterator[str]:
    for call in file.calls():
        if source.called(call) in {"sql.run", "sql.run_prepared", "sql.changed"}:
            yield ast.unparse(call.args[1]).replace("'", '"')


STATUS_NAME = re.compile(r"(^|[._])status(__in)?$")


def test_a_status_is_never_a_bare_string():
    def listed(node: ast.AST) -> bool:
        each = [node] if isinstance(node, ast.Constant) else getattr(node, "elts", [])
        return any(isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value for one in each)

    def bare(file: Source) -> Iterator[str]:
        for node in file.nodes:
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                named = [side for side in sides if STATUS_NAME.search(ast.unparse(side))]
                if named and any(map(listed, sides)):
                    yield file.at(node, ast.unparse(node))
            elif isinstance(node, ast.keyword) and STATUS_NAME.search(node.arg or "") and listed(node.value):
                yield file.at(node.value, f"{node.arg}={ast.unparse(node.value)}")

    none(each for file in CODE for each in bare(file))


# Doors.

UNSCOPED = {
    ("session.py", "Membership"): "hers, in whatever company: what she may choose from",
    ("access.py", "Company"): "whether this Cartero has any company yet",
    ("first_run.py", "Company"): "the same",
    ("parties/rows.py", "PartyGroup"): "names the company itself; a through table has no QuerySet of its own",
    ("parties/forms.py", "PartyGroup"): "a subquery on a party and a group that were asked of the company",
    ("mailings/documents.py", "DeliveryInvoice"): "through a mailing that was asked of the company",
    ("mailings/moves.py", "DeliveryInvoice"): "the same",
    ("mailings/index.py", "Tally"): "the same",
    ("reports/mailings.py", "Tally"): "the same",
    ("configuration/activity.py", "User"): "who the company's own trail names, also those who have left",
    ("overview.py", "Address"): "a subquery on the party of documents that were asked of the company",
    ("stories.py", "Event"): "of deliveries that were asked of the company",
}


def test_a_page_asks_for_what_is_her_companys():
    def asked(file: Source) -> Iterator[tuple[str, ast.AST]]:
        for node in file.nodes:
            manager = node.value if isinstance(node, ast.Attribute) else None
            if isinstance(manager, ast.Attribute) and manager.attr == "objects" and node.attr not in {"of", "none"}:
                yield ast.unparse(manager.value), node
        for call in file.calls():
            first = call.args[0] if source.called(call) in {"get_object_or_404", "get_list_or_404"} else None
            if isinstance(first, ast.Name) and first.id[0].isupper():
                yield first.id, call

    none(
        file.at(node, f"{model} without .of(company)")
        for file in source.of("cartero/pages")
        for model, node in asked(file)
        if (file.name.removeprefix("cartero/pages/"), model) not in UNSCOPED
    )


def test_no_exception_to_that_is_left_over():
    asked = {
        (file.name.removeprefix("cartero/pages/"), name)
        for file in source.of("cartero/pages")
        for name in re.findall(r"\b([A-Z]\w+)(?:\.objects\.(?!of\()|, user=)", file.text)
    }
    assert UNSCOPED.keys() - asked == set()


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def views() -> Iterator[object]:
    for pattern in patterns(get_resolver("cartero.urls")):
        view = inspect.unwrap(pattern.callback)
        if view.__module__.startswith("cartero."):
            yield view


def test_a_view_is_short_and_without_a_try():
    def long(view: object) -> Iterator[str]:
        tree = ast.parse(inspect.getsource(view)).body[0]
        where = f"{view.__module__}.{view.__name__}"
        if source.lines_of(tree) > 30:
            yield f"{where} has {source.lines_of(tree)} lines"
        if any(isinstance(node, ast.Try) for node in ast.walk(tree)):
            yield f"{where} has a try"

    none(each for view in set(views()) for each in long(view))


def test_every_view_says_who_may_see_it():
    none(
        f"{pattern.pattern} {pattern.callback.__module__}"
        for pattern in patterns(get_resolver("cartero.urls"))
        if not hasattr(pattern.callback, "required_role")
    )


def test_a_job_only_passes_on():
    jobs = BY_MODULE["cartero.jobs"]

    def length(job: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        body = job.body[1:] if ast.get_docstring(job) else job.body
        return body[-1].end_lineno - body[0].lineno + 1

    def takes_more_than_ids(job: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        names = {argument.arg for argument in job.args.args} - {"context", "timestamp"}
        return any(not name.endswith(("_id", "_ids")) for name in names)

    tasks = [job for job in jobs.functions() if any("app.task" in ast.unparse(each) for each in job.decorator_list)]
    assert len(tasks) > 5
    none(jobs.at(job, job.name) for job in tasks if length(job) > 5 or takes_more_than_ids(job))


DOORS = {
    "cartero/jobs.py": "the door of the worker: it tells the engine and the log, and the next job runs",
    "cartero/cli/main.py": "the door of the operator: whatever it was, it is said in one sentence",
}


def test_only_a_door_catches_everything():
    def everything(handler: ast.ExceptHandler) -> bool:
        if handler.type is None:
            return True
        names = [ast.unparse(each) for each in getattr(handler.type, "elts", [handler.type])]
        return bool({"Exception", "BaseException"} & set(names))

    none(
        file.at(node, "except everything")
        for file in CODE
        if file.name not in DOORS
        for node in file.nodes
        if isinstance(node, ast.ExceptHandler) and everything(node)
    )


# Less.


def test_a_file_can_be_read_at_once():
    none(f"{each.name} has {each.text.count(chr(10))} lines" for each in CODE if each.text.count("\n") > 400)


def test_a_function_can_be_read_at_once():
    none(
        file.at(function, f"{function.name}() has {source.lines_of(function)} lines")
        for file in CODE
        for function in file.functions()
        if source.lines_of(function) > 60
    )


TYPER = "a command's parameters are the options of the command line, which Typer reads from its signature"
MANY_PARAMETERS = {
    ("cartero/cli/account.py", "set_account"): TYPER,
    ("cartero/cli/account.py", "set_reading"): TYPER,
    ("cartero/cli/account.py", "set_sent_folder"): TYPER,
    ("cartero/cli/mailing.py", "register"): TYPER,
    ("cartero/cli/mailing.py", "resend"): TYPER,
    ("cartero/cli/statement.py", "make"): TYPER,
    ("cartero/cli/user.py", "create"): TYPER,
    ("cartero/transport/dns.py", "_finding"): "makes a Finding, and takes its fields",
}


def test_a_function_takes_few_parameters():
    """Five, by position or by name; `self` apart. What dataclasses take is a shape, not a signature."""

    def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
        arguments = function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        return names[1:] if names[:1] in (["self"], ["cls"]) else names

    none(
        file.at(function, f"{function.name}() takes {len(parameters(function))}")
        for file in CODE
        for function in file.functions()
        if len(parameters(function)) > 5 and (file.name, function.name) not in MANY_PARAMETERS
    )


TAKES_A_BOOLEAN = {"get", "setdefault", "getattr", "setattr", "Value", "append"}  # of Python and Django


def test_a_boolean_is_passed_by_name():
    def by_position(call: ast.Call) -> bool:
        return any(isinstance(argument, ast.Constant) and isinstance(argument.value, bool) for argument in call.args)

    none(
        file.at(call, ast.unparse(call))
        for file in CODE
        for call in file.calls()
        if by_position(call) and source.called(call).split(".")[-1] not in TAKES_A_BOOLEAN
    )


WITHOUT_REASON = re.compile(
    r"# (?:type: ignore(?!\[[\w-]+\]  # \S)|noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)* {1,2}[#-]? ?\S))"
)


def test_what_is_silenced_says_which_and_why():
    none(
        f"{file.name}:{number} {line.strip()}"
        for file in CODE
        for number, line in enumerate(file.text.splitlines(), 1)
        if WITHOUT_REASON.search(line)
    )


def test_no_cast_and_no_todo():
    none(file.at(node, name) for file in CODE for node, name in file.imports() if name == "typing.cast")
    none(
        f"{file.name}:{number}"
        for file in CODE
        for number, line in enumerate(file.text.splitlines(), 1)
        if re.search(r"#\s*(TODO|FIXME|XXX|HACK)\b", line)
    )


# What is dangerous wherever it stands.


def test_no_statement_is_built_from_strings():
    executes = re.compile(r"(^|\.)(execute|executemany|raw|RawSQL|extra|copy|mogrify)$")
    begins = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER|DROP|TRUNCATE|LOCK TABLE)\s", re.I)

    def built(node: ast.AST) -> bool:
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            return True
        composed = ast.unparse(node).startswith("sql.SQL(")  # psycopg quotes what is put into it
        return isinstance(node, ast.Call) and not composed and source.called(node).endswith((".format", ".join"))

    def findings(file: Source) -> Iterator[str]:
        for call in file.calls():
            if executes.search(source.called(call)) and call.args and built(call.args[0]):
                yield file.at(call, ast.unparse(call)[:80])
        for node in file.nodes:
            first = node.values[0] if isinstance(node, ast.JoinedStr) else None
            if isinstance(first, ast.Constant) and begins.match(str(first.value)):
                yield file.at(node, ast.unparse(node)[:80])

    none(each for file in CODE for each in findings(file))


DANGEROUS_IMPORTS = ("pickle", "marshal", "shelve", "dill", "xml.etree", "xml.dom", "xml.sax", "yaml")
READS_NOTHING = ("xml.sax.saxutils.escape", "xml.sax.saxutils.quoteattr")


def test_nothing_reads_what_can_run():
    def findings(file: Source) -> Iterator[str]:
        for node, name in file.imports():
            if under(name, *DANGEROUS_IMPORTS) and name not in READS_NOTHING:
                yield file.at(node, name)
        for call in file.calls():
            name = source.called(call)
            if name in {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}:
                yield file.at(call, name)
            if any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords):
                yield file.at(call, "shell")

    none(each for file in CODE + source.of("benchmarks") for each in findings(file))


# Every word a person reads goes through gettext.

ACCENTED = re.compile(r"[áéíóúüñÁÉÍÓÚÑ¿¡«»]")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "say"}
SHOWN = re.compile(
    r"(^|\.)(HttpResponse\w*|ValidationError|PermissionDenied|Http404|done|add_error"
    r"|messages\.(success|info|warning|error))$"
)
FORM_TEXTS = {"label", "help_text", "empty_label", "verbose_name"}
NOT_SHOWN = {
    "cartero/cli/user.py": "a word that may be typed",
    "cartero/pages/imports/examples.py": "the contents of the sample sheets, which are read again by their headings",
}


def translated(file: Source) -> set[int]:
    """Ids of all nodes inside gettext, and of docstrings."""
    inside = set()
    for node in file.nodes:
        if isinstance(node, ast.Call) and source.called(node).split(".")[-1] in GETTEXT:
            inside |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
    return inside


def doors_of_people() -> list[Source]:
    demonstration = "cartero/cli/demonstration"  # invents what companies write: data
    files = [each for each in source.of("cartero/pages", "cartero/cli") if not each.name.startswith(demonstration)]
    errors = [each for each in CODE if each.path.name == "errors.py"]
    return [each for each in files + errors if each.name not in NOT_SHOWN]


def test_no_spanish_stands_outside_gettext():
    def findings(file: Source) -> Iterator[str]:
        inside = translated(file)
        for node in file.nodes:
            text = node.value if isinstance(node, ast.Constant) and id(node) not in inside else None
            if isinstance(text, str) and ACCENTED.search(text):
                yield file.at(node, repr(text)[:80])

    none(each for file in doors_of_people() for each in findings(file))


def test_nothing_is_shown_or_raised_as_a_bare_sentence():
    def sentence(node: ast.AST) -> bool:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        written = "x".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        return bool(re.search(r"\w,? \w", written))

    def findings(file: Source) -> Iterator[str]:
        for call in file.calls():
            if SHOWN.search(source.called(call)):
                yield from (file.at(argument, ast.unparse(argument)) for argument in call.args if sentence(argument))
            yield from (
                file.at(word.value, f"{word.arg}={ast.unparse(word.value)}")
                for word in call.keywords
                if word.arg in FORM_TEXTS and sentence(word.value)
            )

    none(each for file in doors_of_people() for each in findings(file))


def test_no_text_is_glued_from_pieces():
    def glued(node: ast.AST) -> bool:
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else ()
        if isinstance(node, ast.JoinedStr):
            sides = tuple(each.value for each in node.values if isinstance(each, ast.FormattedValue))
        return any(isinstance(side, ast.Call) and source.called(side) in GETTEXT for side in sides)

    none(file.at(node, ast.unparse(node)[:90]) for file in CODE for node in file.nodes if glued(node))


BLOCKS = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.S
)
CODES = re.compile(r"{%.*?%}|{{.*?}}", re.S)
SPOKEN_ATTRIBUTE = re.compile(r"\s(?:aria-label|title|placeholder|alt|data-busy|data-label)=\"([^\"]*)\"")
WRITTEN_AS_IT_IS = re.compile(
    r"&\w+;|\b\w+--\w+\b|\[PRUEBA\]|\b(?:Cartero|NIT|XLSX|XML|PDF|ZIP|CUFE|DIAN|Ctrl|Enter|Esc|SMTP|IMAP|Excel|CSV|Message-ID|XLS|ODS)\b"
)


@pytest.mark.parametrize(
    "file",
    sorted((PACKAGE / "pages" / "templates").rglob("*.html")),
    ids=lambda file: file.relative_to(PACKAGE).as_posix(),
)
def test_a_template_has_no_text_of_its_own(file):
    text = CODES.sub("\0", BLOCKS.sub("\0", file.read_text()))
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", text, flags=re.S)
    spoken = SPOKEN_ATTRIBUTE.findall(text)
    bare = re.sub(r"<[^>]*>", "\0", text)
    words = [WRITTEN_AS_IT_IS.sub("", piece) for piece in [*bare.split("\0"), *spoken] if '="' not in piece]
    none(f"{file.relative_to(ROOT)}: {piece.strip()!r}" for piece in words if re.search(r"[^\W\d_]{2}", piece))


# Tests.

MIRRORS_NO_MODULE = {
    "tests/mailings/test_unsubscribed.py": "who asks for no more between registering and sending, by every way there",
    "tests/mailings/test_replies_on_mailings.py": "the lines of transport/replies.py, each as a whole sending",
    "tests/mailings/test_other_ways.py": "whole sendings by API, and with leave",
    "tests/mailings/test_files_away.py": "sendings, an Ensayo and a verification while stored files are out of reach",
    "tests/importing/test_dian_samples.py": "whole files, through all the readers",
    "tests/pages/mailings/test_batches.py": "the parts of a sending, on each page that shows them",
    "tests/pages/test_look.py": "what a browser shows, whichever page",
    "tests/pages/invoices/test_look.py": "the same of a resource",
    "tests/pages/parties/test_look.py": "the same",
    "tests/pages/recipient/test_look.py": "the same",
    "tests/pages/test_behaviours.py": "the scripts of static/cartero/js, in a browser",
}
NO_PART = {
    "reliability": "processes killed in mid-air, and sums",
    "security": "what holds of every view and table",
    "browser": "the guide, in a browser",
    "machines": "several machines with one database, and systemd's units",
}


def test_a_test_file_mirrors_a_module():
    def mirrored(file: Source) -> bool:
        part, stem = file.path.relative_to(ROOT / "tests").parts[0], file.path.stem.removeprefix("test_")
        return any((PACKAGE / part).rglob(f"{stem}.py")) or any((PACKAGE / part).rglob(f"{stem}/"))

    tests = [each for each in TESTS if each.path.stem.startswith("test_") and len(each.module.split(".")) > 2]
    none(
        each.name
        for each in tests
        if each.module.split(".")[1] not in NO_PART and each.name not in MIRRORS_NO_MODULE and not mirrored(each)
    )


_WATCHES = "watches whole programs, which no call of ours can wake"
SLEEPS = {"reliability": _WATCHES, "waiting": _WATCHES}
CONSTANT = re.compile(r"[A-Z][A-Z_]*")  # a limit may be lowered, so that a test reaches it


def test_a_test_replaces_nothing_of_ours_and_never_sleeps():
    def findings(file: Source) -> Iterator[str]:
        yield from (file.at(node, name) for node, name in file.imports() if re.search(r"\bmock\b|^pytest_mock", name))
        for call in file.calls():
            name = source.called(call)
            if name.endswith("monkeypatch.setattr") and not CONSTANT.fullmatch(ast.literal_eval(call.args[1])):
                yield file.at(call, ast.unparse(call))
            if name in {"sleep", "time.sleep", "asyncio.sleep"} and file.module.split(".")[1] not in SLEEPS:
                yield file.at(call, name)
            if re.search(r"(^|\.)(patch|MagicMock|Mock)(\.|$)", name):
                yield file.at(call, name)

    none(each for file in TESTS for each in findings(file))
