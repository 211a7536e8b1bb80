"""Times as Indonesian readers write them, from the UTC that nbgrader stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dateutil.tz import gettz  # type: ignore[import-untyped]

ZONE = "Asia/Jakarta"
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


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
