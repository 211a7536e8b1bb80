"""Times as Indonesian readers write them, from the UTC that nbgrader stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from dateutil.tz import gettz  # type: ignore[import-untyped]
from nbgrader.utils import parse_utc

ZONE = "Asia/Jakarta"
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


TIMESTAMP = "timestamp.txt"  # where nbgrader keeps when a submission came


class UnreadableTimeError(ValueError):
    """A submission's timestamp.txt holds no time; the message says so in Bahasa, and what to do."""


def handed_in_at(folder: Path) -> datetime | None:
    """Return when what lies in `folder` was handed in (UTC, without a zone); None if that is not written there.

    nbgrader's own reader fails with an AttributeError at what is no time. Raises UnreadableTimeError, OSError.
    """
    path = folder / TIMESTAMP
    written = path.read_bytes().decode("utf-8", "replace").strip() if path.exists() else ""
    try:
        when: datetime | None = parse_utc(written or None)
    except (ValueError, OverflowError):
        raise UnreadableTimeError(
            f"{TIMESTAMP} berisi {written[:40]!r}, bukan waktu; tulis misalnya 2026-03-02 08:00:00 WIB, atau hapus "
            "berkas itu jika waktunya tidak penting"
        ) from None
    return when


def local_time(moment: datetime, zone: str | tzinfo = ZONE) -> str:
    """Return `moment` (UTC when it names no zone) as "2 Maret 2026 pukul 08.00 WIB"."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # gettz brings its own table of zones, so it also works where the system has none.
    local = aware.astimezone(gettz(zone) if isinstance(zone, str) else zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} pukul {local:%H.%M} {local.tzname()}"


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: "1 hari 2 jam", "5 menit"; under a minute "1 menit"."""
    minutes = max(1, int(timedelta(seconds=seconds).total_seconds() // 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "hari"), (hours, "jam"), (minutes, "menit")) if n]
    return " ".join(parts[:2])
