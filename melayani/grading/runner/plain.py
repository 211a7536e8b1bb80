"""Plain data as JSON, by exact types: what may cross between a test and the process of the code that it tests.

`encode` turns a value into JSON-able data, `decode` turns it back. A subclass of a plain type is not plain, and an
object that is not plain crosses as whatever `handle_of` gives for it. Things of libraries (modules, functions,
classes) cross by name and come out as the receiver's own. `decode` trusts nothing: data that `encode` can't have
written raises NotPlainError, and no code of the sender runs. Never a pickle.

Scalars stand for themselves; all else is a list that begins with a tag. Objects that can change carry a number, so
that one object that occurs twice, or in both directions, stays one: see `Shared`.
"""

from __future__ import annotations

import base64
import collections
import datetime
import decimal
import fractions
import json
import math
import pathlib
import re
import sys
import zlib
import zoneinfo
from collections.abc import Callable
from typing import Any

from melayani.grading.runner import libraries

Json = Any
MAX_DEPTH = 60
MAX_NODES = 2_000_000
MAX_BYTES = 48 << 20
_INT_BITS = 63
_MOST_BITS = 1 << 20  # of a whole number; of a fraction's 1/64: nobody may wait for a division
_LONGEST_NUMBER = 5000  # characters of a Decimal
_DTYPE = re.compile(
    r"[<>|=]?(\?|[biufc]\d{1,2}|[SU]\d{1,6}|[mM]8(\[\d{0,4}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?|[qQlLgG])"
)
_FACTORIES = (bool, bytes, dict, float, frozenset, int, list, set, str, tuple)


class NotPlainError(ValueError):
    """The data can't have been written by `encode`."""


class _OutsideError(Exception):
    """A value of a plain type holds something that has no plain form."""


class _TooMuchError(Exception):
    """The value is larger than what may cross at once."""


class Shared:
    """The objects that can change and that both ends know, by number: one end gives 0, 2, 4 …, the other 1, 3 …"""

    def __init__(self, first: int = 0) -> None:
        """`first`: 0 at one end, 1 at the other."""
        self._next, self._first = first, first
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}  # id → number

    def new(self) -> int:
        """Return an unused number of this end."""
        self._next += 2
        return self._next - 2

    def put(self, number: int, value: object) -> None:
        """Remember `value` under `number`."""
        self.objects[number] = value
        self.numbers[id(value)] = number

    def drop(self, number: int) -> None:
        """Forget an object."""
        value = self.objects.pop(number, None)
        if self.numbers.get(id(value)) == number:
            del self.numbers[id(value)]

    def is_own(self, number: int) -> bool:
        """Return whether this end gave that number."""
        return number % 2 == self._first


def encode(value: object, handle_of: Callable[[Any], Json], shared: Shared | None = None) -> Json:
    """Return JSON-able data for `value`. `handle_of` gives JSON-able data for what is not plain, or raises."""
    encoder = _Encoder(handle_of, shared or Shared())
    try:
        return encoder.one(value, 0)
    except _TooMuchError:
        return ["R", handle_of(value)]


def contents(value: object, handle_of: Callable[[Any], Json], shared: Shared, keep: bool = True) -> Json:
    """Return data for an object that both ends know, with what it holds now.

    Without `keep` nothing that is new in it is numbered for good: for looking whether it changed.
    Raises NotPlainError when it has no plain form any more.
    """
    encoder = _Encoder(handle_of, shared, probing=not keep)
    try:
        return _ENCODERS[type(value)](encoder, value, 1, shared.numbers[id(value)])
    except (_TooMuchError, _OutsideError, KeyError):
        raise NotPlainError("the object has no plain form any more") from None


def decode(data: Json, remote_of: Callable[[Any], Any], shared: Shared | None = None) -> Any:
    """Return the value that `data` stands for; `remote_of` gives what stands for an object that is not plain.

    Raises NotPlainError for data that `encode` does not write; errors of `remote_of` come through as they are if
    they are NotPlainError.
    """
    decoder = _Decoder(remote_of, shared or Shared(1))
    try:
        return decoder.one(data, 0)
    except NotPlainError:
        raise
    except Exception as error:
        raise NotPlainError(f"not plain data: {type(error).__name__}") from None


def decode_contents(data: Json, number: int, remote_of: Callable[[Any], Any], shared: Shared) -> Any:
    """Return a new object that holds what `data` says that the object `number`, known to both ends, holds now.

    Raises NotPlainError.
    """
    if type(data) is not list or len(data) < 2 or data[1] != number or number not in shared.objects:
        raise NotPlainError("contents of an unknown object")
    return decode([data[0], None, *data[2:]], remote_of, shared)


def known_types() -> set[type]:
    """Return the types whose values are plain data."""
    return {int, float, str, bool, type(None), *_ENCODERS, *_library_encoders()}


def fingerprint(value: Any, handle_of: Callable[[Any], Json], shared: Shared) -> object:
    """Return something that differs when what `value` holds has changed; `value` is known to both ends."""
    np, pd = _numpy(), _pandas()
    try:
        if pd is not None and type(value) is pd.DataFrame:
            columns = [value.iloc[:, place] for place in range(value.shape[1])]
            return tuple(value.columns), tuple(_column_print(column) for column in columns), _column_print(value.index)
        if pd is not None and type(value) is pd.Series:
            return value.name, _column_print(value), _column_print(value.index)
        if np is not None and type(value) is np.ndarray and value.dtype != object:
            return value.shape, value.dtype, zlib.crc32(np.ascontiguousarray(value).view(np.uint8))
    except (TypeError, ValueError):
        pass
    try:
        return json.dumps(contents(value, handle_of, shared, keep=False))
    except NotPlainError:
        return None


def _column_print(column: Any) -> object:
    if column.dtype.kind in "iufb" and type(column.dtype).__module__.startswith("numpy"):
        return str(column.dtype), len(column), zlib.crc32(_numpy().ascontiguousarray(column.to_numpy()))
    return str(column.dtype), len(column), hash(tuple(column.tolist()))


def replace_contents(old: Any, new: Any) -> bool:
    """Make `old` hold what `new` of the same type holds; return False where that is impossible."""
    kind = type(old)
    if type(new) is not kind:
        return False
    if kind in (list, bytearray):
        old[:] = new
    elif kind in (set, dict, collections.OrderedDict, collections.Counter, collections.defaultdict):
        old.clear()
        old.update(new)
    elif kind is collections.deque:
        old.clear()
        old.extend(new)
    elif kind.__module__ == "numpy":
        if old.shape != new.shape or old.dtype != new.dtype or not old.flags.writeable:
            return False
        old[...] = new
    else:
        old.__init__(new)
    return True


def _numpy() -> Any:
    return sys.modules.get("numpy")


def _pandas() -> Any:
    # While pandas is being imported, or in a process without it, nothing is of its types.
    pandas = sys.modules.get("pandas")
    return pandas if pandas is not None and hasattr(pandas, "DataFrame") else None


class _Encoder:
    def __init__(self, handle_of: Callable[[Any], Json], shared: Shared, probing: bool = False) -> None:
        self.handle_of, self.shared, self.probing = handle_of, shared, probing
        self.local: dict[int, int] = {}
        self.held: list[object] = []  # keeps ids in `local` valid
        self.nodes, self.bytes = MAX_NODES, MAX_BYTES

    def one(self, value: Any, depth: int) -> Json:
        kind = type(value)
        if kind is int:
            if -(1 << _INT_BITS) < value < 1 << _INT_BITS:
                return value
            return ["i", hex(value)] if value.bit_length() < _MOST_BITS else ["R", self.handle_of(value)]
        if kind is str:
            self.spend(len(value))
            if value.isascii() or not _has_surrogates(value):
                return value
            return ["s", _b64(value.encode("utf-8", "surrogatepass"))]
        if value is None or kind is bool:
            return value
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        encoder = _ENCODERS.get(kind) or _library_encoders().get(kind)
        if encoder is None or depth > MAX_DEPTH:
            named = libraries.name_of(value)
            return ["n", *named] if named and libraries.is_harmless(*named) else ["R", self.handle_of(value)]
        if kind in _CHANGEABLE or kind in _pandas_changeable():
            known = self.shared.numbers.get(id(value))
            if known is None:
                known = self.local.get(id(value))
            if known is not None:
                return ["@", known]
        try:
            return encoder(self, value, depth + 1, None)
        except _OutsideError:
            return ["R", self.handle_of(value)]

    def number(self, value: object, number: int | None) -> int:
        """Return the number of an object that can change: a new one unless it has one."""
        if number is not None:
            return number
        if self.probing:
            self.local[id(value)] = number = -1 - len(self.held)
            self.held.append(value)
            return number
        number = self.shared.new()
        self.shared.put(number, value)
        return number

    def spend(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise _TooMuchError

    def many(self, values: Any, depth: int) -> list[Json]:
        self.nodes -= len(values)
        if self.nodes < 0:
            raise _TooMuchError
        one = self.one
        return [one(value, depth) for value in values]

    def pairs(self, values: Any, depth: int) -> list[Json]:
        self.nodes -= 2 * len(values)
        if self.nodes < 0:
            raise _TooMuchError
        flat: list[Json] = []
        for key, value in values.items():
            flat += [self.one(key, depth), self.one(value, depth)]
        return flat


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _b64(data: bytes | bytearray) -> str:
    return base64.b64encode(data).decode()


def _tz(e: _Encoder, value: Any) -> Json:
    if value is None:
        return None
    if type(value) is datetime.timezone:
        offset = value.utcoffset(None)
        name = None if repr(value).count(",") < 2 and value.tzname(None).startswith("UTC") else value.tzname(None)
        return ["tz", offset // datetime.timedelta(microseconds=1), name]
    if type(value) is zoneinfo.ZoneInfo and type(value.key) is str:
        return ["zi", value.key]
    raise _OutsideError


def _list(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["l", e.number(v, number), *e.many(v, depth)]


def _set(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["S", e.number(v, number), *e.many(v, depth)]


def _dict(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["d", e.number(v, number), *e.pairs(v, depth)]


def _ordered(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["OD", e.number(v, number), *e.pairs(v, depth)]


def _counter(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["Co", e.number(v, number), *e.pairs(v, depth)]


def _defaultdict(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    factory = v.default_factory
    if factory is not None and factory not in _FACTORIES:
        raise _OutsideError
    return ["dd", e.number(v, number), factory and factory.__name__, *e.pairs(v, depth)]


def _deque(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return ["q", e.number(v, number), v.maxlen, *e.many(v, depth)]


def _bytes(e: _Encoder, v: bytes, depth: int, number: int | None) -> Json:
    e.spend(len(v))
    return ["b", _b64(v)]


def _bytearray(e: _Encoder, v: bytearray, depth: int, number: int | None) -> Json:
    e.spend(len(v))
    return ["ba", e.number(v, number), _b64(v)]


def _moment(v: Any) -> list[int]:
    return [v.hour, v.minute, v.second, v.microsecond, v.fold]


def _decimal(e: _Encoder, v: decimal.Decimal, depth: int, number: int | None) -> Json:
    text = str(v)
    if len(text) > _LONGEST_NUMBER:
        raise _OutsideError
    return ["De", text]


def _fraction(e: _Encoder, v: fractions.Fraction, depth: int, number: int | None) -> Json:
    if max(v.numerator.bit_length(), v.denominator.bit_length()) > _MOST_BITS // 64:
        raise _OutsideError
    return ["Fr", e.one(v.numerator, depth), e.one(v.denominator, depth)]


def _array(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    return _plain_array(e, v, depth, e.number(v, number))


def _dtype_text(dtype: Any) -> str:
    text = str(dtype.str)
    if dtype.type is not _numpy().dtype(text).type and dtype.isnative:
        text = str(dtype.char)  # long long is not long, though both have 8 bytes
    if not _DTYPE.fullmatch(text):
        raise _OutsideError
    return text


def _plain_array(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    shape = list(v.shape)
    if v.dtype == object:
        return ["no", number, shape, *e.many(v.ravel().tolist(), depth)]
    if v.dtype.names:
        fields = [[name, _dtype_text(v.dtype.fields[name][0])] for name in v.dtype.names]
        if (
            any(len(v.dtype.fields[name]) > 2 for name in v.dtype.names)
            or _numpy().dtype([(name, kind) for name, kind in fields]) != v.dtype
        ):
            raise _OutsideError
        kind: Json = fields
    else:
        kind = _dtype_text(v.dtype)
    e.spend(v.nbytes)
    return ["nd", number, kind, shape, _b64(v.tobytes())]


def _numpy_scalar(e: _Encoder, v: Any, depth: int, number: int | None) -> Json:
    array = _numpy().asarray(v)
    e.spend(array.nbytes)
    return ["np", _dtype_text(array.dtype), _b64(array.tobytes())]


_ENCODERS: dict[type, Callable[[_Encoder, Any, int, int | None], Json]] = {
    list: _list,
    tuple: lambda e, v, d, n: ["t", *e.many(v, d)],
    dict: _dict,
    set: _set,
    frozenset: lambda e, v, d, n: ["F", *e.many(v, d)],
    complex: lambda e, v, d, n: ["c", e.one(v.real, d), e.one(v.imag, d)],
    bytes: _bytes,
    bytearray: _bytearray,
    range: lambda e, v, d, n: ["r", *e.many((v.start, v.stop, v.step), d)],
    slice: lambda e, v, d, n: ["sl", *e.many((v.start, v.stop, v.step), d)],
    type(...): lambda e, v, d, n: ["E"],
    type(NotImplemented): lambda e, v, d, n: ["NI"],
    datetime.date: lambda e, v, d, n: ["da", v.year, v.month, v.day],
    datetime.time: lambda e, v, d, n: ["ti", *_moment(v), _tz(e, v.tzinfo)],
    datetime.datetime: lambda e, v, d, n: ["dt", v.year, v.month, v.day, *_moment(v), _tz(e, v.tzinfo)],
    datetime.timedelta: lambda e, v, d, n: ["td", v.days, v.seconds, v.microseconds],
    datetime.timezone: lambda e, v, d, n: _tz(e, v),
    zoneinfo.ZoneInfo: lambda e, v, d, n: _tz(e, v),
    decimal.Decimal: _decimal,
    fractions.Fraction: _fraction,
    type(pathlib.Path()): lambda e, v, d, n: ["P", 1, e.one(str(v), d)],
    type(pathlib.PurePath()): lambda e, v, d, n: ["P", 0, e.one(str(v), d)],
    collections.Counter: _counter,
    collections.OrderedDict: _ordered,
    collections.defaultdict: _defaultdict,
    collections.deque: _deque,
}
_CHANGEABLE: set[type] = {
    list,
    dict,
    set,
    bytearray,
    collections.Counter,
    collections.OrderedDict,
    collections.defaultdict,
    collections.deque,
}
_LIBRARY: dict[type, Callable[[_Encoder, Any, int, int | None], Json]] = {}
_PANDAS_CHANGEABLE: set[type] = set()
_loaded: set[str] = set()


def _library_encoders() -> dict[type, Callable[[_Encoder, Any, int, int | None], Json]]:
    """Return the encoders of NumPy's and pandas' types, as far as these are imported."""
    np, pd = _numpy(), _pandas()
    if np is not None and "numpy" not in _loaded and hasattr(np, "ndarray") and hasattr(np, "float64"):
        _loaded.add("numpy")
        scalars = {kind for group in np.sctypeDict.values() for kind in (group,) if group not in (np.object_, np.void)}
        scalars |= {np.longlong, np.ulonglong, np.intc, np.uintc}
        _LIBRARY.update(dict.fromkeys(scalars, _numpy_scalar))
        _ENCODERS[np.ndarray] = _array
        _CHANGEABLE.add(np.ndarray)
        _LIBRARY[np.ndarray] = _array
    if pd is not None and "pandas" not in _loaded:
        from melayani.grading.runner import plain_pandas

        _loaded.add("pandas")
        _LIBRARY.update(plain_pandas.encoders())
        for kind in (pd.DataFrame, pd.Series):
            _ENCODERS[kind] = _LIBRARY[kind]
            _PANDAS_CHANGEABLE.add(kind)
    return _LIBRARY


def _pandas_changeable() -> set[type]:
    return _PANDAS_CHANGEABLE


class _Decoder:
    def __init__(self, remote_of: Callable[[Any], Any], shared: Shared) -> None:
        self.remote_of, self.shared, self.nodes = remote_of, shared, 2 * MAX_NODES

    def one(self, data: Json, depth: int) -> Any:
        if type(data) is not list:
            if type(data) not in (str, int, float, bool, type(None)):
                raise NotPlainError("no plain data")
            return data
        if depth > MAX_DEPTH + 30:
            raise NotPlainError("too deep")
        decoder = _DECODERS.get(data[0]) if type(data[0]) is str else None
        if decoder is None:
            decoder = _pandas_decoders().get(data[0])
            if decoder is None:
                raise NotPlainError("an unknown kind of data")
        return decoder(self, data, depth + 1)

    def many(self, data: list[Json], start: int, depth: int) -> list[Any]:
        self.nodes -= len(data)
        if self.nodes < 0:
            raise NotPlainError("too much")
        one = self.one
        return [one(item, depth) for item in data[start:]]

    def put(self, number: Json, value: object) -> None:
        if number is None:
            return
        # A number below zero is one of `contents` that looks only, for changes; such data are not decoded.
        if type(number) is not int or not 0 <= number < 1 << 50:
            raise NotPlainError("no number of an object")
        if number in self.shared.objects or self.shared.is_own(number):
            raise NotPlainError("a number that is taken")
        self.shared.put(number, value)

    def pairs(self, data: list[Json], start: int, depth: int) -> list[tuple[Any, Any]]:
        flat = self.many(data, start, depth)
        return list(zip(flat[::2], flat[1::2], strict=True))


def _exactly(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise NotPlainError(f"a {type(value).__name__} in the wrong place")
    return value


def _bytes_of(text: Json) -> bytes:
    return base64.b64decode(_exactly(text, str), validate=True)


def _int_of(d: _Decoder, data: list[Json], depth: int) -> int:
    if len(_exactly(data[1], str)) > _MOST_BITS // 4 + 4:
        raise NotPlainError("a long number")
    return int(data[1], 16)


def _known(d: _Decoder, data: list[Json], depth: int) -> Any:
    if data[1] not in d.shared.objects:
        raise NotPlainError("an unknown object")
    return d.shared.objects[_exactly(data[1], int)]


def _make_list(d: _Decoder, data: list[Json], depth: int) -> list[Any]:
    made: list[Any] = []
    d.put(data[1], made)
    made += d.many(data, 2, depth)
    return made


def _make_set(d: _Decoder, data: list[Json], depth: int) -> set[Any]:
    made: set[Any] = set()
    d.put(data[1], made)
    _add_each(made, d.many(data, 2, depth))
    return made


def _add_each(made: set[Any], values: list[Any]) -> set[Any]:
    """Add `values` one after the other: an interrupt comes through, even where all of them have the same hash."""
    for value in values:
        made.add(value)
    return made


def _make_dict(kind: type) -> Callable[[_Decoder, list[Json], int], Any]:
    def make(d: _Decoder, data: list[Json], depth: int) -> Any:
        made = kind()
        d.put(data[1], made)
        for key, value in d.pairs(data, 2, depth):
            made[key] = value
        return made

    return make


def _make_defaultdict(d: _Decoder, data: list[Json], depth: int) -> Any:
    factories = {kind.__name__: kind for kind in _FACTORIES}
    made: Any = collections.defaultdict(None if data[2] is None else factories[data[2]])
    d.put(data[1], made)
    for key, value in d.pairs(data, 3, depth):
        made[key] = value
    return made


def _make_deque(d: _Decoder, data: list[Json], depth: int) -> Any:
    made: Any = collections.deque(maxlen=_exactly(data[2], int, type(None)))
    d.put(data[1], made)
    made.extend(d.many(data, 3, depth))
    return made


def _make_bytearray(d: _Decoder, data: list[Json], depth: int) -> bytearray:
    made = bytearray(_bytes_of(data[2]))
    d.put(data[1], made)
    return made


def _make_timezone(d: _Decoder, data: list[Json], depth: int) -> datetime.timezone:
    offset = datetime.timedelta(microseconds=_exactly(data[1], int))
    if data[2] is not None:
        return datetime.timezone(offset, _exactly(data[2], str))
    return datetime.timezone(offset)


def _make_zone(d: _Decoder, data: list[Json], depth: int) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(_exactly(data[1], str))


def _zone_of(d: _Decoder, data: Json) -> Any:
    return None if data is None else _exactly(d.one(data, MAX_DEPTH), datetime.timezone, zoneinfo.ZoneInfo)


def _make_time(d: _Decoder, data: list[Json], depth: int) -> datetime.time:
    hour, minute, second, micro, fold, zone = data[1:]
    return datetime.time(hour, minute, second, micro, _zone_of(d, zone), fold=fold)


def _make_datetime(d: _Decoder, data: list[Json], depth: int) -> datetime.datetime:
    year, month, day, hour, minute, second, micro, fold, zone = data[1:]
    return datetime.datetime(year, month, day, hour, minute, second, micro, _zone_of(d, zone), fold=fold)


def _make_decimal(d: _Decoder, data: list[Json], depth: int) -> decimal.Decimal:
    if len(_exactly(data[1], str)) > _LONGEST_NUMBER:
        raise NotPlainError("a long number")
    return decimal.Decimal(data[1])


def _make_fraction(d: _Decoder, data: list[Json], depth: int) -> fractions.Fraction:
    above, below = (_exactly(part, int) for part in d.many(data, 1, depth))
    if max(above.bit_length(), below.bit_length()) > _MOST_BITS // 64:
        raise NotPlainError("a long number")
    return fractions.Fraction(above, below)


def _make_path(d: _Decoder, data: list[Json], depth: int) -> pathlib.PurePath:
    return (pathlib.Path if data[1] == 1 else pathlib.PurePath)(_exactly(d.one(data[2], depth), str))


def dtype_of(text: Json) -> Any:
    """Return the NumPy dtype of that text. Raises NotPlainError for one that is not of plain numbers or texts."""
    import numpy as np

    if type(text) is list:
        fields = []
        for name, kind in text:
            fields.append((_exactly(name, str), dtype_of(_exactly(kind, str))))
        return np.dtype(fields)
    if not _DTYPE.fullmatch(_exactly(text, str)):
        raise NotPlainError("no plain dtype")
    return np.dtype(text)


def _shape_of(data: Json) -> tuple[int, ...]:
    shape = tuple(_exactly(size, int) for size in _exactly(data, list))
    if len(shape) > 32 or any(not 0 <= size < 1 << 40 for size in shape):
        raise NotPlainError("no shape")
    return shape


def _array_of(kind: Any, shape: tuple[int, ...], data: bytes) -> Any:
    import numpy as np

    if math.prod(shape) * kind.itemsize != len(data) or (not kind.itemsize and math.prod(shape) > MAX_NODES):
        raise NotPlainError("an array of another size")
    return np.ndarray(shape, kind, bytearray(data)) if data else np.zeros(shape, kind)


def _make_array(d: _Decoder, data: list[Json], depth: int) -> Any:
    made = _array_of(dtype_of(data[2]), _shape_of(data[3]), _bytes_of(data[4]))
    d.put(data[1], made)
    return made


def _make_object_array(d: _Decoder, data: list[Json], depth: int) -> Any:
    import numpy as np

    shape = _shape_of(data[2])
    if math.prod(shape) != len(data) - 3:
        raise NotPlainError("an array of another size")
    made = np.empty(shape, dtype=object)
    d.put(data[1], made)
    flat = made.reshape(-1)
    for place, value in enumerate(d.many(data, 3, depth)):
        flat[place] = value
    return made


def _make_numpy_scalar(d: _Decoder, data: list[Json], depth: int) -> Any:
    return _array_of(dtype_of(_exactly(data[1], str)), (), _bytes_of(data[2]))[()]


def _make_range(d: _Decoder, data: list[Json], depth: int) -> range:
    return range(*(_exactly(part, int) for part in d.many(data, 1, depth)))


def _make_slice(d: _Decoder, data: list[Json], depth: int) -> slice:
    start, stop, step = d.many(data, 1, depth)
    return slice(start, stop, step)


def _make_complex(d: _Decoder, data: list[Json], depth: int) -> complex:
    real, imaginary = (_exactly(part, float) for part in d.many(data, 1, depth))
    return complex(real, imaginary)


def _harmless(module: Json, qualname: Json = None) -> Any:
    if not libraries.is_harmless(_exactly(module, str), _exactly(qualname, str, type(None))):
        raise NotPlainError("a thing that does not cross by name")
    found = libraries.thing(module, qualname)
    # Through modules that others have imported, each function of the system would have a harmless name.
    if qualname is not None and libraries.name_of(found) != (module, qualname):
        raise NotPlainError("a thing of another name")
    return found


def _float_of(d: _Decoder, data: list[Json], depth: int) -> float:
    return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[data[1]]


_DECODERS: dict[str, Callable[[_Decoder, list[Json], int], Any]] = {
    "i": _int_of,
    "f": _float_of,
    "s": lambda d, data, depth: _bytes_of(data[1]).decode("utf-8", "surrogatepass"),
    "R": lambda d, data, depth: d.remote_of(data[1]),
    "n": lambda d, data, depth: _harmless(*data[1:]),
    "@": _known,
    "l": _make_list,
    "t": lambda d, data, depth: tuple(d.many(data, 1, depth)),
    "d": _make_dict(dict),
    "S": _make_set,
    "F": lambda d, data, depth: frozenset(_add_each(set(), d.many(data, 1, depth))),
    "OD": _make_dict(collections.OrderedDict),
    "Co": _make_dict(collections.Counter),
    "dd": _make_defaultdict,
    "q": _make_deque,
    "c": _make_complex,
    "b": lambda d, data, depth: _bytes_of(data[1]),
    "ba": _make_bytearray,
    "r": _make_range,
    "sl": _make_slice,
    "E": lambda d, data, depth: ...,
    "NI": lambda d, data, depth: NotImplemented,
    "da": lambda d, data, depth: datetime.date(*data[1:]),
    "ti": _make_time,
    "dt": _make_datetime,
    "td": lambda d, data, depth: datetime.timedelta(*(_exactly(part, int) for part in data[1:4])),
    "tz": _make_timezone,
    "zi": _make_zone,
    "De": _make_decimal,
    "Fr": _make_fraction,
    "P": _make_path,
    "np": _make_numpy_scalar,
    "nd": _make_array,
    "no": _make_object_array,
}


def _pandas_decoders() -> dict[str, Callable[[_Decoder, list[Json], int], Any]]:
    from melayani.grading.runner import plain_pandas

    return plain_pandas.DECODERS
