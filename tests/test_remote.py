"""Tests that run apart from the answers: honest work sees no difference, and nothing an answer does decides a test."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import signal
import socket
import sys
import time
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from IPython.core.interactiveshell import InteractiveShell

from melayani.grading import replay
from melayani.grading.runner import plain
from melayani.grading.runner.frames import Wire, WireError
from melayani.grading.runner.objects import Objects
from melayani.grading.runner.remote import CannotCrossError, ChildGone, Remotes, bound_names, operators_of


class Process:
    """A real process that has run a trainee's cell, and a test's view of it."""

    def __init__(self, cell: str, source: str | None = None, classes: tuple[str, ...] = ()) -> None:
        """Run `cell` in a forked process; `source` is the source notebook's, if anything is known of it."""
        here, there = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            here.close()
            _serve(cell, Wire(there))
        there.close()
        self._socket, self._wire = here, Wire(here)
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.asked: list[Any] = []
        bound = None if source is None else bound_names([source])
        operators = operators_of([cell if source is None else source])
        self.remotes = Remotes(self.ask, classes, bound, self.names, operators)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its reply, as the judge does."""
        self.asked.append(request)
        try:
            return self._reply(request)
        except WireError:
            raise ChildGone from None

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        self._wire.send(request)
        while "reply" not in (frame := self._wire.receive()):
            if "callback" in frame:
                self._wire.send(self.remotes.on_callback(frame["callback"]))
            else:
                sys.stdout.write(frame["msg"])
        reply: dict[str, Any] = frame["reply"]
        return reply

    def test(self, text: str) -> str:
        """Run a test cell; return the error that it ends with, or nothing."""
        try:
            self.names.update(self.remotes.bring(text))
        except ChildGone:
            return "ChildGone"
        return verdict(text, self.names)

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        replay._executor.clear()


class Shell:
    """What the child's end uses of a shell."""

    def __init__(self) -> None:
        """Begin with no names."""
        self.user_ns: dict[str, Any] = {"__name__": "__main__"}
        self.user_ns_hidden: dict[str, Any] = {}

    def flush(self) -> None:
        """Show what was printed."""
        sys.stdout.flush()


class Stdout(io.TextIOBase):
    """Sends what is printed."""

    def __init__(self, wire: Wire) -> None:
        """Send it on `wire`."""
        self._wire = wire

    def write(self, text: str, /) -> int:
        """Send `text`."""
        self._wire.send({"msg": text})
        return len(text)


def _serve(cell: str, wire: Wire) -> None:
    try:
        shell, sys.stdout = Shell(), Stdout(wire)
        exec(compile(cell, "<sel jawaban>", "exec"), shell.user_ns)

        def call_back(request: dict[str, Any]) -> dict[str, Any]:
            wire.send({"callback": request})
            reply: dict[str, Any] = wire.receive()
            return reply

        objects = Objects(shell, call_back)
        while True:
            wire.send({"reply": objects.handle(wire.receive())})
    finally:
        os._exit(0)


def verdict(text: str, names: dict[str, Any]) -> str:
    """Run `text`; return what it prints and the error that it ends with."""
    shown, end = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(shown):
            exec(compile(text, "<sel uji>", "exec"), names)
    except (Exception, SystemExit, ChildGone) as error:
        end = f"{type(error).__name__}: {error}"
    return shown.getvalue() + end


@pytest.fixture
def process() -> Iterator[Callable[..., Process]]:
    """Make processes that end with the test."""
    made: list[Process] = []

    def make(*arguments: Any, **options: Any) -> Process:
        made.append(Process(*arguments, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


FUNCTION = "def giliran(orang, menit=5):\n    'Lama menunggu.'\n    return orang * menit"

CASES = Path(__file__).parent / "remote"


def cases(name: str) -> dict[str, tuple[str, str, str]]:
    """Return {case: (a trainee's cell, a test cell, what is reported)} of a file in tests/remote."""
    found = {}
    for block in (CASES / name).read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, _, body = block.partition("\n")
        case, _, reported = head.partition(" | ")
        cell, _, text = body.partition("\n---\n")
        found[case] = (cell, text.strip(), reported)
    return found


HONEST, CHEATS = cases("honest.txt"), cases("cheats.txt")
CLASSES = ("Antrean", "Prioritas", "Penuh", "Titik", "Status")


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_test_ends_as_in_one_namespace(process: Callable[..., Process], case: str) -> None:
    cell, text, _ = HONEST[case]
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(cell, names)
    together = verdict(text, names)
    assert process(cell, cell, CLASSES).test(text) == together


def test_without_the_source_notebook_only_names_that_a_test_sets_stay_behind(process: Callable[..., Process]) -> None:
    cell, text, _ = HONEST["the test sets a name"]
    assert "AssertionError" in process(cell).test(text)
    for case in ("right", "wrong", "global list", "in place", "library", "callback"):
        cell, text, _ = HONEST[case]
        names: dict[str, Any] = {}
        exec(cell, names)
        assert process(cell).test(text) == verdict(text, names)


@pytest.mark.parametrize("with_source", [False, True], ids=["source unknown", "source known"])
@pytest.mark.parametrize("case", CHEATS)
def test_a_wrong_answer_gains_nothing(process: Callable[..., Process], case: str, with_source: bool) -> None:
    cell, text, told = CHEATS[case]
    source = "import math\nimport numpy as np\ndata = [1]\ndef f(*a): ...\ndef giliran(a, b): ..."
    one = process(cell, source if with_source else None)
    assert one.test(text) != "", "passed"
    if told and not (with_source and told.startswith(("Nama abs", "Nama isinstance"))):
        assert any(told in sentence for sentence in one.remotes.suspicions), one.remotes.suspicions


# What a test can hand over and get back, beside plain data.


def test_a_function_of_the_test_may_itself_call_the_answer(process: Callable[..., Process]) -> None:
    cell = "def luar(f):\n    return f(1) + 1\ndef dalam(x):\n    return x * 10"
    assert (
        process(cell).test("assert luar(lambda x: dalam(x) + dalam(2)) == 31\nassert luar(lambda x: luar(dalam)) == 12")
        == ""
    )


def test_what_can_not_cross_is_said_and_the_test_must_run_elsewhere(process: Callable[..., Process]) -> None:
    one = process("def f(x):\n    return x")
    one.names["f"] = one.remotes.bring("f")["f"]
    for thing in (io.StringIO("a"), Process, object(), [object()]):
        with pytest.raises(CannotCrossError, match="tidak dapat diserahkan"):
            one.names["f"](thing)
    assert one.names["f"](3) == 3


def test_the_words_of_a_test_stay_with_it(process: Callable[..., Process]) -> None:
    text = "harapan = 'terlambat'\nassert giliran(2, 2) == 4, harapan"
    unknown, known = process(FUNCTION), process(FUNCTION, FUNCTION)
    for one in (unknown, known):
        assert one.test(text) == ""
        sent = json.dumps(one.asked)
        assert "giliran" in sent and "terlambat" not in sent and "harapan" not in sent
    assert known.asked[0] == {"op": "names", "names": ["giliran"], "list": True}


def test_ten_names_are_brought_at_once(process: Callable[..., Process]) -> None:
    cell = "\n".join(f"n{place} = [{place}]" for place in range(10))
    one = process(cell, cell)
    assert len(one.remotes.bring(" ".join(f"n{place}" for place in range(12)))) == 10
    assert len(one.asked) == 1


def test_a_traceback_shows_the_lines_of_the_answer(process: Callable[..., Process]) -> None:
    one = process("def dalam(x):\n    return 1 / x\n\ndef f(x, y=0):\n    return dalam(x)")
    f = one.remotes.bring("f")["f"]
    with pytest.raises(ZeroDivisionError) as caught:
        f(0)
    shown = [(entry.path, entry.lineno + 1, entry.name) for entry in caught.traceback]
    assert [(str(path), line, name) for path, line, name in shown[-2:]] == [
        ("<sel jawaban>", 5, "f"),
        ("<sel jawaban>", 2, "dalam"),
    ]
    assert caught.traceback[-2].frame.code.raw.co_varnames == ("x", "y")


def test_an_error_of_the_test_itself_comes_back_as_it_was(process: Callable[..., Process]) -> None:
    reads = "def g(fungsi):\n    try:\n        fungsi()\n    except Exception as e:\n        return str(e)"
    one = process(f"def f(fungsi):\n    return fungsi()\n{reads}")
    brought = one.remotes.bring("f g")
    error = AssertionError("rahasia 115")

    def failing() -> None:
        raise error

    with pytest.raises(AssertionError) as caught:
        brought["f"](failing)
    assert caught.value is error
    assert brought["g"](failing) == ""  # the sentence of a test is not the answer's to read


def test_a_call_costs_little(process: Callable[..., Process]) -> None:
    f = process(FUNCTION, FUNCTION).remotes.bring("giliran")["giliran"]
    best = math.inf
    for _ in range(10):
        start = time.process_time()
        for _ in range(100):
            f(3, 4)
        best = min(best, (time.process_time() - start) / 100)
    assert best < 150e-6  # the other end takes about as long as this one; measured 60 and 60 µs


def test_an_answer_runs_again_where_it_ran(process: Callable[..., Process]) -> None:
    one = process("import os\nasal = os.getpid()")
    one.remotes.bring("")
    cells = ["# Masukan: lama\nmulai = 1", "# Jawaban: lama\nimport os\nlama = (mulai + 1, os.getpid())"]
    ((value, place),) = replay.jalankan_ulang("lama", {"mulai": 10}, "lama", riwayat=cells)
    assert value == 11 and place == one.pid
    for code, sentence in (
        ("lama = 1 / 0", "muncul galat ZeroDivisionError: division by zero"),
        ("lama = input()", "memakai input()"),
        ("exit()", "menghentikan program"),
        ("", "perlu menetapkan nama itu sendiri"),
    ):
        with pytest.raises(AssertionError, match=sentence.replace("(", r"\(").replace(")", r"\)")):
            replay.jalankan_ulang("lama", {"mulai": 10}, "lama", riwayat=[cells[0], f"# Jawaban: lama\n{code}"])
    cheat = (
        "# Jawaban: lama\nclass S(int):\n    def __sub__(s, o): return 0\n    def __eq__(s, o): return True\nlama = S()"
    )
    (value,) = replay.jalankan_ulang("lama", {"mulai": 10}, "lama", riwayat=[cells[0], cheat])
    assert not replay.angka_sama(value, 5) and not replay.angka_sama(value, 0)
    replay._executor.clear()


@pytest.mark.parametrize(
    "cell, call, sentence",
    [
        ("def f(x):\n    return x + 1", "f(2)", ""),
        ("def f(x):\n    return x", "f(2)", "f(2) seharusnya 3, tetapi hasilnya 2. umum"),
        ("def f(x):\n    return str(x)", "f(3)", "Tipenya str"),
        ("def f(x):\n    print(x)", "f(3)", "Tidak ada nilai yang dikembalikan"),
        ("def f():\n    return 3", "f(3)", "Bandingkan baris def Anda"),
        ("def f(x):\n    return y", "f(3)", "NameError: name 'y' is not defined"),
        ("f = 3", "f(3)", "Fungsi f belum ada"),
        ("class S(int):\n    def __eq__(s, o): return True\ndef f(x):\n    return S()", "f(3)", "Tipenya S"),
        ("import numpy as np\ndef f(x):\n    return np.float64(3)", "f(3)", ""),
    ],
)
def test_the_checker_of_calls_works_apart(process: Callable[..., Process], cell: str, call: str, sentence: str) -> None:
    shell = InteractiveShell.instance()
    try:
        one = process(cell)
        text = f"from melayani.grading.calls import Pemeriksa\nPemeriksa('f', 1)({call!r}, 3, 'umum')"
        shell.user_ns.update(one.remotes.bring(text))
        said = verdict(text, {})
    finally:
        InteractiveShell.clear_instance()
    assert said == "" if not sentence else sentence in said


# A process that says anything at all.


class Liar:
    """Answers with what it is given."""

    def __init__(self, *replies: Any) -> None:
        """Give these, the last one for ever."""
        self.replies = list(replies)

    def __call__(self, _request: dict[str, Any]) -> Any:
        """Return the next answer."""
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


FUNCTION_THERE = ["R", {"h": 0, "k": ["types", "FunctionType"]}]
LIES: list[Any] = [
    {},
    None,
    3,
    {"value": None, "changed": 3},
    {"value": None, "changed": [[0, ["l", 0]]]},
    {"value": None, "names_set": {"f": ["R", {}]}},
    {"value": ["?"]},
    {"value": ["R", {"h": -1, "k": 0}]},
    {"value": ["R", {"h": 5, "k": 6}]},
    {"value": ["R", {"h": 5, "k": ["os", "system"]}]},
    {"value": ["R", {"h": 5, "k": ["builtins", "nothing"]}]},
    {"value": ["R", {"cb": 99}]},
    {"value": ["n", "os", "system"]},
    {"value": ["n", "builtins", "exec"]},
    {"value": ["n", "antigravity"]},
    {"value": ["@", 4]},
    {"value": ["i", "0xzz"]},
    {"value": ["nd", None, "O", [1], ""]},
    {"value": ["nd", None, "<f8", [1 << 39], ""]},
    {"value": ["np", "<U999999999", ""]},
    {"value": ["d", 1, ["l", 3], 1]},
    {"value": ["F", ["l", 3]]},
    {"value": ["zi", "../../etc/passwd"]},
    {"value": ["pF", 1, None, None]},
    {"error": None},
    {"error": {}},
    {"error": {"kind": ["os", "system"], "args": ["t"], "str": 3, "frames": 7}},
    {"error": {"kind": ["builtins", "UnicodeDecodeError"], "args": ["t", 1], "str": "x", "frames": [[1, 2, 3, 4]]}},
    {"error": {"kind": ["builtins", "ValueError"], "args": ["t"], "str": "x", "frames": [["a", -5, "b", []]]}},
    {"error": {"kind": ["melayani.grading.runner.remote", "ChildGone"], "args": ["t"], "str": "x", "frames": []}},
    {"error": {"kind": ["asyncio", "CancelledError"], "args": ["t"], "str": "x", "frames": []}},
    {"error": {"judges": 99}},
    {"error": {"judges": "x"}},
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: json.dumps(lie)[:50])
def test_whatever_a_process_says_the_test_just_fails(lie: Any) -> None:
    remotes = Remotes(Liar({"list": ["f"]}, {"names": {"f": FUNCTION_THERE}}, lie), ())
    f = remotes.bring("f")["f"]
    with pytest.raises(Exception):  # noqa: B017
        f(3)


@pytest.mark.parametrize(
    "lie",
    [
        None,
        {},
        {"names": 3},
        {"list": [1, None]},
        {"list": 3},
        {"names": {"f": 3}},
        {"names": {"f": ["R", 3]}},
        {"class": {}},
    ],
)
def test_whatever_a_process_says_of_its_names_nothing_breaks(lie: Any) -> None:
    for replies in ((lie,), ({"list": ["f"]}, lie)):
        assert set(Remotes(Liar(*replies), ()).bring("f")) <= {"f"}


def test_an_end_that_comes_with_the_facts_of_a_class_ends_no_judge() -> None:
    ends = {"error": {"kind": ["builtins", "SystemExit"], "args": ["t"], "str": "", "frames": []}}
    one = {"names": {"f": ["R", {"h": 0, "k": 1}]}}
    assert Remotes(Liar({"list": ["f"]}, one, ends), ()).bring("f") == {}


def test_a_name_whose_value_never_answers_ends_the_test() -> None:
    def late(request: dict[str, Any]) -> dict[str, Any]:
        raise KeyboardInterrupt  # so the judge tells that it has interrupted the child

    with pytest.raises(ChildGone):
        Remotes(late, ()).bring("f")


# Plain data.

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters()),
    st.binary(),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.timedeltas(),
    st.builds(range, st.integers(), st.integers(), st.integers(1)),
    st.builds(slice, st.none() | st.integers(), st.integers()),
    st.sampled_from([..., NotImplemented, np.int8(3), np.float64(0.1), np.str_(""), np.str_("é"), np.bool_(True)]),
    st.sampled_from([np.longlong(4), np.datetime64("2026-03-02"), np.timedelta64(3, "s"), pd.NaT, pd.NA]),
    st.sampled_from([pd.Timestamp(0, tz="Asia/Jakarta"), pd.Timedelta("3s"), pd.Interval(1, 2)]),
    st.sampled_from([pd.Period("2026-03", "M"), math, np, pd.DataFrame, len, np.mean]),
)  # fmt: skip
HASHABLE = st.one_of(st.integers(), st.text(), st.binary(), st.none(), st.dates(), st.frozensets(st.integers()))


def holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return containers of plain data."""
    keys = HASHABLE | st.tuples(HASHABLE, HASHABLE)
    return st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(keys, inner),
        st.sets(HASHABLE),
        st.lists(inner).map(deque),
        st.dictionaries(HASHABLE, inner).map(OrderedDict),
        st.dictionaries(HASHABLE, st.integers()).map(Counter),
        st.dictionaries(HASHABLE, inner).map(lambda d: defaultdict(list, d)),
    )


ARRAYS = numpy_st.arrays(numpy_st.scalar_dtypes(), numpy_st.array_shapes(min_dims=0, min_side=0))
VALUES = st.recursive(SCALARS | ARRAYS, holding, max_leaves=20)
#: Machines that run these tests are shared: how long it takes to make an example says nothing.
patient = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
TABLES = [
    pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"])}, index=["r", "s"]),
    pd.DataFrame({"d": pd.to_datetime(["2026-03-02", None])}),
    pd.DataFrame(),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame([[1, 2]], columns=["a", "a"]),
    pd.DataFrame({"a": [1, 1]}).groupby("a").agg({"a": ["mean", "sum"]}),
    pd.Series([1, None], dtype="Int64", name=("a", 1)),
    pd.Series([True, None], dtype="boolean"),
    pd.Series([1.5, None], dtype="Float64"),
    pd.Series(["a", pd.NA], dtype="string"),
    pd.Series([1, "a", None], dtype=object),
    pd.Series(pd.date_range("2026", periods=3, tz="Asia/Jakarta")),
    pd.Series([pd.Timedelta(1, "s")]),
    pd.cut(pd.Series([1, 2, 3]), 2),
    pd.Series(["b", "a"], dtype=pd.CategoricalDtype(["b", "a"], ordered=True)),
    pd.Index([1, 2], name="x"),
    pd.RangeIndex(1, 9, 2),
    pd.MultiIndex.from_product([[1, 2], ["a", "b"]], names=["q", None]),
    pd.date_range("2026", periods=3, freq="MS"),
    pd.interval_range(0, 3),
    pd.period_range("2026-01", periods=2, freq="M"),
    pd.timedelta_range("1D", periods=3),
    pd.array([1, None]),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    np.array([1, "a", None], dtype=object),
]  # fmt: skip


def crossed(value: object) -> object:
    """Return what comes out at the other end."""

    def refuse(thing: object) -> object:
        raise AssertionError(f"not plain: {thing!r}")

    return plain.decode(json.loads(json.dumps(plain.encode(value, refuse))), refuse)


def told(value: Any) -> object:
    """Return all there is to tell apart about a value."""
    if isinstance(value, (list, tuple, deque)):
        return type(value), [told(one) for one in value]
    if isinstance(value, dict):
        return type(value), [(told(key), told(one)) for key, one in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), sorted(repr(told(one)) for one in value)
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, [told(one) for one in value.ravel().tolist()]
    return type(value), repr(value), getattr(value, "dtype", None), getattr(value, "fold", None)


@patient
@given(VALUES)
def test_plain_data_come_out_as_they_were(value: object) -> None:
    assert told(crossed(value)) == told(value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{type(table).__name__} {getattr(table, 'dtype', '')}")
def test_tables_come_out_as_they_were(table: Any) -> None:
    out: Any = crossed(table)
    assert type(out) is type(table)
    if isinstance(table, pd.DataFrame):
        pd.testing.assert_frame_equal(out, table)
        assert list(map(repr, out.dtypes)) == list(map(repr, table.dtypes))
    elif isinstance(table, pd.Series):
        pd.testing.assert_series_equal(out, table)
        assert out.dtype == table.dtype
    elif isinstance(table, pd.Index):
        pd.testing.assert_index_equal(out, table, exact=True)
        assert out.names == table.names and getattr(out, "freq", None) == getattr(table, "freq", None)
    else:
        assert told(out) == told(table)


class Angka(int):
    """No plain number."""


@pytest.mark.parametrize(
    "value",
    [
        *(Angka(3), object(), mock.ANY, lambda: 0, io.StringIO(), os.system, exec, print, type("X", (list,), {})()),
        *(np.ma.masked, np.array([1]).view(np.matrix), sys.modules[__name__], pytest.approx(3)),
    ],
)
def test_what_is_not_exactly_plain_stays_where_it_is(value: object) -> None:
    assert plain.encode(value, lambda thing: "di sana") == ["R", "di sana"]
    assert plain.encode([1, (value,)], lambda thing: "di sana")[3] == ["t", ["R", "di sana"]]


def test_one_object_stays_one_and_a_circle_a_circle() -> None:
    inner: list[Any] = [1]
    both: Any = crossed([inner, inner, {"a": inner}])
    assert both[0] is both[1] is both[2]["a"]
    inner.append(inner)
    out: Any = crossed(inner)
    assert out[1] is out


def test_what_is_too_deep_or_too_large_does_not_cross() -> None:
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    assert '["R", 7]' in json.dumps(plain.encode(deep, lambda _: 7))
    assert plain.encode("a" * (plain.MAX_BYTES + 1), lambda _: 7) == ["R", 7]
    assert plain.encode(range(3), lambda _: 7) == ["r", 0, 3, 1]
    with pytest.raises(plain.NotPlainError):
        nested: Any = ["t"]
        for _ in range(900):
            nested = ["t", nested]
        plain.decode(nested, lambda _: 7)


TAGS = sorted(plain._DECODERS) + sorted(plain._pandas_decoders())


def nesting(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return JSON that looks like what `encode` writes."""
    tagged = st.tuples(st.sampled_from(TAGS), inner | st.integers(0, 9), st.lists(inner))
    return st.one_of(
        st.lists(inner), st.dictionaries(st.text(), inner), tagged.map(lambda parts: [parts[0], parts[1], *parts[2]])
    )


PARTS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(TAGS))
JSON = st.recursive(PARTS, nesting, max_leaves=30)


@patient
@given(JSON)
def test_hostile_data_are_refused_or_plain(data: Any) -> None:
    remote = object()
    with contextlib.suppress(plain.NotPlainError):
        plain.decode(data, lambda _: remote)


def test_what_an_earlier_test_defined_is_still_the_tests(process: Callable[..., Process]) -> None:
    cell = "def periksa(hasil): pass\ndef f(): return 0"
    for source in (None, "def f(): ..."):
        one = process(cell, source)
        assert one.test("def periksa(hasil): assert hasil == 3, 'salah'") == ""
        assert one.test("periksa(f())") == "AssertionError: salah"


def test_names_that_the_source_does_not_bind_are_brought_too_but_never_set(process: Callable[..., Process]) -> None:
    one = process("tarif = 5\ndef biaya(n): return n * tarif", "def biaya(n): ...")
    assert one.test("assert biaya(2) == 2 * tarif") == ""
    assert one.test("tarif = 7\nassert biaya(2) == 10") == ""


def test_numbers_that_nobody_can_wait_for_do_not_cross() -> None:
    assert (
        plain.encode(1 << (1 << 21), lambda _: 7) == plain.encode(Fraction(1, 1 << (1 << 20)), lambda _: 7) == ["R", 7]
    )
    for data in (["i", "0x" + "f" * (1 << 20)], ["Fr", ["i", "0x" + "f" * 9000], 3]):
        with pytest.raises(plain.NotPlainError):
            plain.decode(data, lambda _: 7)


def test_a_class_of_the_source_does_not_compare_with_the_tests_own_data(process: Callable[..., Process]) -> None:
    cell = "class Loket:\n    def panggil(self): return self\n    def __eq__(self, lain): return True"
    one = process(cell, "class Loket: ...", ("Loket",))
    assert one.test("assert Loket().panggil() == 1").startswith("AssertionError")
    assert one.test("assert Loket() == Loket()") == ""


def test_a_class_of_the_source_compares_but_gives_no_object_for_a_verdict(process: Callable[..., Process]) -> None:
    cell = "class S: pass\nclass Uang:\n    def __eq__(self, lain): return S()"
    one = process(cell, "class Uang: ...", ("Uang",))
    assert one.test("assert Uang() == Uang()").startswith("RefusedError")


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("class Loket: ...", False),
        ("class Loket:\n    def __add__(self, lain): ...", False),
        ("class Loket:\n    def __rsub__(self, lain): ...", True),
        ("@dataclass(order=True)\nclass Loket: ...", True),
        ("class Dasar: ...\nclass Loket(Dasar): ...", False),
    ],
)
def test_a_class_of_the_source_calculates_only_what_the_sources_own_does(
    process: Callable[..., Process], source: str, seen: bool
) -> None:
    cell = "class Loket:\n    def __sub__(self, lain): return 0\nrata = Loket()"
    one = process(cell, source, ("Loket",))
    assert one.test("assert abs(rata - 5.5) < 1e-9").startswith("" if seen else "RefusedError")
    assert bool(one.remotes.suspicions) is not seen


@pytest.mark.parametrize("named", [["pathlib", "os.system"], ["dataclasses", "builtins.exec"], ["numpy", "sys.exit"]])
def test_no_function_crosses_by_the_name_of_a_module_that_imports_it(named: list[str]) -> None:
    with pytest.raises(plain.NotPlainError):
        plain.decode(["n", *named], lambda _: 7)


def test_a_builtin_bound_to_its_own_name_is_nothing(process: Callable[..., Process]) -> None:
    one = process("print = print", "")
    assert one.test("assert print is not None") == ""
    assert one.remotes.suspicions == []
