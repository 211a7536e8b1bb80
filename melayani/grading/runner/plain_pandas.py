"""The plain form of pandas' types: part of `plain`, apart so that a process without pandas need not import it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

from melayani.grading.runner import plain

Json = Any
_MASKED = {f"{prefix}Int{bits}": pd.arrays.IntegerArray for prefix in ("", "U") for bits in (8, 16, 32, 64)} | {
    "Float32": pd.arrays.FloatingArray,
    "Float64": pd.arrays.FloatingArray,
    "boolean": pd.arrays.BooleanArray,
}
_STRINGS = tuple(
    {
        type(pd.array(["a"], dtype=dtype))
        for dtype in (pd.StringDtype("python"), pd.StringDtype("python", na_value=np.nan))
    }
)
_UNITS = ("s", "ms", "us", "ns")


def _arrow_strings() -> tuple[type, ...]:
    # Only where pyarrow is there; asking for them would import it.
    return tuple(
        kind
        for name in ("ArrowStringArray", "ArrowStringArrayNumpySemantics")
        if isinstance(kind := getattr(pd.arrays, name, None), type)
    )


_STRINGS += _arrow_strings()


def encoders() -> dict[type, Callable[[Any, Any, int, int | None], Json]]:
    """Return the encoders by type."""
    index = dict.fromkeys((pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.IntervalIndex), _index)
    return {
        **index,
        pd.CategoricalIndex: _index,
        pd.RangeIndex: lambda e, v, d, n: ["pR", v.start, v.stop, v.step, e.one(v.name, d)],
        pd.MultiIndex: _multi,
        pd.Series: _series,
        pd.DataFrame: _frame,
        pd.Timestamp: lambda e, v, d, n: ["pT", int(v.asm8.view("i8")), v.unit, plain._tz(e, v.tzinfo)],
        pd.Timedelta: lambda e, v, d, n: ["pD", int(v.asm8.view("i8")), v.unit],
        type(pd.NaT): lambda e, v, d, n: ["pNaT"],
        type(pd.NA): lambda e, v, d, n: ["pNA"],
        pd.Interval: lambda e, v, d, n: ["pI", *e.many((v.left, v.right, v.closed), d)],
        pd.Period: lambda e, v, d, n: ["pP", v.ordinal, v.freqstr],
        pd.Categorical: _array,
        **dict.fromkeys((*_MASKED.values(), *_STRINGS, pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray), _array),
        **dict.fromkeys((pd.arrays.PeriodArray, pd.arrays.IntervalArray), _array),
    }


def _array(e: Any, v: Any, depth: int, number: int | None = None) -> Json:
    kind = type(v)
    if kind is pd.arrays.NumpyExtensionArray or kind is np.ndarray:
        return plain._plain_array(e, np.asarray(v), depth, None)
    if kind in _STRINGS:
        missing = "nan" if v.dtype.na_value is np.nan else "NA"
        texts = [None if empty else text for text, empty in zip(v.tolist(), v.isna(), strict=True)]
        return ["pa", "str", v.dtype.storage, missing, *e.many(texts, depth)]
    if kind in _MASKED.values():
        mask = v.isna()
        data = v.to_numpy(dtype=v.dtype.numpy_dtype, na_value=v.dtype.type(0))
        return ["pa", v.dtype.name, plain._plain_array(e, data, depth, None), plain._plain_array(e, mask, depth, None)]
    if kind is pd.Categorical:
        codes = plain._plain_array(e, np.asarray(v.codes), depth, None)
        return ["pa", "category", codes, e.one(v.categories, depth), bool(v.ordered)]
    if kind is pd.arrays.DatetimeArray:
        return ["pa", "datetime", v.unit, plain._plain_array(e, v.asi8, depth, None), plain._tz(e, v.tz)]
    if kind is pd.arrays.TimedeltaArray:
        return ["pa", "timedelta", v.unit, plain._plain_array(e, v.asi8, depth, None)]
    if kind is pd.arrays.PeriodArray:
        return ["pa", "period", v.freqstr, plain._plain_array(e, v.asi8, depth, None)]
    if kind is pd.arrays.IntervalArray:
        return ["pa", "interval", v.closed, e.one(v.left, depth), e.one(v.right, depth)]
    raise plain._OutsideError


def _index(e: Any, v: Any, depth: int, number: int | None) -> Json:
    freq = getattr(v, "freqstr", None) if type(v) in (pd.DatetimeIndex, pd.TimedeltaIndex) else None
    return ["pX", type(v).__name__, _array(e, v.array, depth), e.one(v.name, depth), freq]


def _multi(e: Any, v: Any, depth: int, number: int | None) -> Json:
    codes = [plain._plain_array(e, np.asarray(code), depth, None) for code in v.codes]
    return ["pM", e.many(v.levels, depth), codes, e.many(v.names, depth)]


def _series(e: Any, v: Any, depth: int, number: int | None) -> Json:
    number = e.number(v, number)
    return ["pS", number, _array(e, v.array, depth), e.one(v.index, depth), e.one(v.name, depth)]


def _frame(e: Any, v: Any, depth: int, number: int | None) -> Json:
    number = e.number(v, number)
    columns = [_array(e, v.iloc[:, place].array, depth) for place in range(v.shape[1])]
    return ["pF", number, e.one(v.index, depth), e.one(v.columns, depth), *columns]


def _numbers(d: Any, data: Json, depth: int) -> Any:
    made = d.one(data, depth)
    if type(made) is not np.ndarray or made.ndim != 1 or data[1] is not None:
        raise plain.NotPlainError("no column")
    return made


def _unit(data: Json) -> str:
    if data not in _UNITS:
        raise plain.NotPlainError("no unit")
    return str(data)


def _make_array(d: Any, data: list[Json], depth: int) -> Any:
    kind = data[1]
    if kind == "str":
        missing = {"nan": np.nan, "NA": pd.NA}[data[3]]
        texts = [plain._exactly(text, str, type(None)) for text in d.many(data, 4, depth)]
        if data[2] not in ("python", "pyarrow"):
            raise plain.NotPlainError("no storage")
        return pd.array(texts, dtype=pd.StringDtype(data[2], na_value=missing))
    if kind in _MASKED:
        return _MASKED[kind](_numbers(d, data[2], depth), _numbers(d, data[3], depth))
    if kind == "category":
        categories = _index_of(d, data[3], depth)
        dtype = pd.CategoricalDtype(categories, ordered=bool(data[4]))
        return pd.Categorical.from_codes(_numbers(d, data[2], depth), dtype=dtype)
    if kind in ("datetime", "timedelta"):
        whole = _numbers(d, data[3], depth)
        if whole.dtype != np.int64:
            raise plain.NotPlainError("no moments")
        letter = "M8" if kind == "datetime" else "m8"
        made = pd.Index(whole.view(f"{letter}[{_unit(data[2])}]")).array
        zone = plain._zone_of(d, data[4]) if kind == "datetime" else None
        return made if zone is None else made.tz_localize("UTC").tz_convert(zone)
    if kind == "period":
        return pd.arrays.PeriodArray(_numbers(d, data[3], depth), dtype=pd.PeriodDtype(plain._exactly(data[2], str)))
    if kind == "interval":
        left, right = _index_of(d, data[3], depth), _index_of(d, data[4], depth)
        return pd.arrays.IntervalArray.from_arrays(left, right, closed=data[2])
    raise plain.NotPlainError("an unknown column")


def _column(d: Any, data: Json, depth: int) -> Any:
    if data[0] in ("nd", "no"):
        return _numbers(d, data, depth)
    if data[0] != "pa":
        raise plain.NotPlainError("no column")
    return _make_array(d, data, depth)


def _index_of(d: Any, data: Json, depth: int) -> pd.Index:
    made = d.one(data, depth)
    if not isinstance(made, pd.Index):
        raise plain.NotPlainError("no index")
    return made


def _make_index(d: Any, data: list[Json], depth: int) -> pd.Index:
    column = _column(d, data[2], depth)
    made = pd.Index(column, dtype=column.dtype, name=d.one(data[3], depth))
    if type(made).__name__ != data[1]:
        raise plain.NotPlainError("another kind of index")
    if data[4] is not None:
        made = type(made)(made, freq=plain._exactly(data[4], str))  # type: ignore[call-arg]
    return made


def _make_multi(d: Any, data: list[Json], depth: int) -> pd.MultiIndex:
    levels = [_index_of(d, level, depth) for level in data[1]]
    codes = [_numbers(d, code, depth) for code in data[2]]
    return pd.MultiIndex(levels=levels, codes=codes, names=d.many(data[3], 0, depth))


def _make_series(d: Any, data: list[Json], depth: int) -> pd.Series:
    column, index = _column(d, data[2], depth), _index_of(d, data[3], depth)
    made = pd.Series(column, index=index, dtype=column.dtype, name=d.one(data[4], depth))
    d.put(data[1], made)
    return made


def _make_frame(d: Any, data: list[Json], depth: int) -> pd.DataFrame:
    index, columns = _index_of(d, data[2], depth), _index_of(d, data[3], depth)
    series = {}
    for place, part in enumerate(data[4:]):
        column = _column(d, part, depth)
        series[place] = pd.Series(column, index=index, dtype=column.dtype)
    made = pd.DataFrame(series, index=index)
    if len(columns) != len(series):
        raise plain.NotPlainError("another number of columns")
    made.columns = columns
    d.put(data[1], made)
    return made


def _moment(letter: str, data: list[Json]) -> Any:
    return np.array(plain._exactly(data[1], int), "i8").view(f"{letter}[{_unit(data[2])}]")[()]


def _make_moment(d: Any, data: list[Json], depth: int) -> Any:
    made = pd.Timestamp(_moment("M8", data))
    zone = plain._zone_of(d, data[3])
    return made if zone is None else made.tz_localize("UTC").tz_convert(zone)


def _make_interval(d: Any, data: list[Json], depth: int) -> pd.Interval:
    left, right, closed = d.many(data, 1, depth)
    return pd.Interval(left, right, closed=closed)


def _make_range(d: Any, data: list[Json], depth: int) -> pd.RangeIndex:
    return pd.RangeIndex(*(plain._exactly(part, int) for part in data[1:4]), name=d.one(data[4], depth))


DECODERS: dict[str, Callable[[Any, list[Json], int], Any]] = {
    "pR": _make_range,
    "pX": _make_index,
    "pM": _make_multi,
    "pS": _make_series,
    "pF": _make_frame,
    "pT": _make_moment,
    "pD": lambda d, data, depth: pd.Timedelta(_moment("m8", data)),
    "pNaT": lambda d, data, depth: pd.NaT,
    "pNA": lambda d, data, depth: pd.NA,
    "pI": _make_interval,
    "pP": lambda d, data, depth: pd.Period(ordinal=plain._exactly(data[1], int), freq=plain._exactly(data[2], str)),
    "pa": _make_array,
}
