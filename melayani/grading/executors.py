"""Where the notebooks of a run are executed: on this machine's cores, or by the workers of a Dask cluster.

Both are a `concurrent.futures.Executor`. A job and its result are plain data, so that workers need no shared disk.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Protocol, Self

from melayani.course import CourseError
from melayani.grading.runner import sandbox
from melayani.grading.runner.job import Job, Result
from melayani.grading.runner.runner import resident
from melayani.grading.versions import environment

WAIT_FOR_WORKERS = 60  # seconds
_LOOK_AGAIN = 5.0  # seconds between two counts of a cluster's workers


class UnconfinedError(CourseError):
    """Trainees' code can't be confined where it would run, and nobody has asked to run it all the same."""

    def __init__(self, reason: str) -> None:
        """Take the reason, in Bahasa, with what helps."""
        super().__init__(
            f"{reason} Tanpa kurungan (sandbox), kode peserta dapat membaca dan mengubah semua yang dapat Anda baca "
            "dan ubah di komputer ini, termasuk buku skor. Karena itu, tidak ada yang dinilai. Jika Anda tetap ingin "
            "menilai di sini, ulangi perintah ini dengan --tanpa-sandbox; hal itu dicatat pada setiap skor."
        )


class ClusterError(CourseError):
    """The Dask cluster can't be used; the message says in Bahasa why."""


class Grader(Protocol):
    """Something that executes jobs; a context manager."""

    sandboxed: bool

    @property
    def room(self) -> int:
        """The number of jobs that may usefully be in hand at once."""

    def submit(self, job: Job) -> Future[Any]:
        """Begin a job."""

    def result(self, future: Future[Any]) -> Result:
        """Return the result of a job that ended. Raises whatever went wrong outside the notebook."""

    def __enter__(self) -> Self:
        """Return itself."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End what it began."""


class _Closing:
    """Ends an executor with a `with`: what waits is cancelled, what runs is waited for."""

    _executor: Executor

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End the executor."""
        self._executor.shutdown(cancel_futures=True)


class Local(_Closing):
    """Threads that share one resident runner: its forks run side by side, one on each core."""

    def __init__(self, workers: int | None = None, *, sandboxed: bool = True) -> None:
        """Use `workers` at a time, or as many as this process has cores. Raises UnconfinedError."""
        if sandboxed and (reason := sandbox.available()):
            raise UnconfinedError(reason)
        if sys.platform == "win32":
            raise CourseError(
                "Di Windows, kode peserta hanya dapat dijalankan oleh nbgrader polos, tanpa kurungan: tambahkan "
                "--stock. Dengan WSL, semuanya berjalan seperti di Linux."
            )
        self.sandboxed = sandboxed
        self.workers = workers or cores()
        self._executor = ThreadPoolExecutor(self.workers, thread_name_prefix="nilai")
        self._runner = resident(sandboxed)
        self._runner.prepare()

    @property
    def room(self) -> int:
        """One more than run, so that a core need not wait for the books."""
        return self.workers + 1

    def submit(self, job: Job) -> Future[Result]:
        """Begin a job."""
        return self._executor.submit(self._runner.run, job)

    def result(self, future: Future[Any]) -> Result:
        """Return the result of a job."""
        result: Result = future.result()
        return result


class Cluster(_Closing):
    """The workers of a Dask cluster, each with a resident runner of its own."""

    def __init__(self, address: str, *, sandboxed: bool = True, patience: float = 30) -> None:
        """Connect to the scheduler at `address`, for which `patience` seconds are waited, now and when it is lost.

        Raises ClusterError, or UnconfinedError for a worker.
        """
        try:
            from distributed import Client
        except ImportError:
            raise ClusterError(
                'Dask belum terpasang. Pasang dalam folder kursus dengan `python -m pip install ".[dask]"`.'
            ) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what an instructor should know, we say
        self.address, self.sandboxed = address, sandboxed
        try:
            self._client = Client(address, timeout=patience, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(
                f"Penjadwal Dask di {address} tidak menjawab ({type(error).__name__}). Periksa alamat dan jaringannya."
            ) from error
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)
        self._counted = (0.0, 0)

    def _check(self) -> None:
        """Refuse workers that would give other outputs than this machine, or that can't confine code."""
        try:
            self._client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS)
        except TimeoutError:
            raise ClusterError(f"Penjadwal Dask di {self.address} belum mempunyai pekerja.") from None
        try:
            told = self._client.run(look_around, self.sandboxed)
        except Exception as error:  # whatever a worker without this package, or with another Python, says
            raise ClusterError(f"Pekerja Dask belum dapat memakai paket melayani ({error}).") from error
        here = environment()
        for worker, (versions, reason) in told.items():
            different = [name for name in here | versions if here.get(name) != versions.get(name)]
            if different:
                raise ClusterError(
                    f"Pekerja Dask {worker} memakai versi lain daripada komputer ini: "
                    + ", ".join(f"{name} {versions.get(name, 'tidak ada')}" for name in different)
                    + f" (di sini {', '.join(here.get(name, 'tidak ada') for name in different)}). Pasang "
                    "requirements.lock yang sama di semua komputer."
                )
            if reason:
                raise UnconfinedError(f"Pekerja Dask {worker}: {reason}")

    @property
    def room(self) -> int:
        """Two jobs for each thread of the cluster, so that none waits; at least a few, so that it can grow."""
        when, threads = self._counted
        if time.monotonic() > when + _LOOK_AGAIN and self._client.status == "running":
            threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic(), threads
        return max(4, 2 * threads)

    def submit(self, job: Job) -> Future[bytes]:
        """Begin a job."""
        from melayani.grading.runner import run_job

        future: Future[bytes] = self._executor.submit(run_job, job.to_bytes(), self.sandboxed)
        return future

    def result(self, future: Future[Any]) -> Result:
        """Return the result of a job. Raises ClusterError when the scheduler is gone for good."""
        try:
            return Result.from_bytes(future.result())
        except CancelledError:
            lost = f"Sambungan ke penjadwal Dask di {self.address} terputus."
            if self._client.status in ("closing", "closed"):
                raise ClusterError(lost) from None
            raise ConnectionError(lost) from None  # while Dask looks for it, jobs may be given: they wait

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Let go of the cluster; what it still runs for this client is cancelled."""
        self._client.close()


def open_grader(workers: int | None, cluster: str | None, without_sandbox: bool) -> Grader:
    """Return what executes notebooks: a Dask cluster if one is named, else this machine's cores.

    Raises UnconfinedError or ClusterError, in Bahasa.
    """
    sandboxed = not (without_sandbox or os.environ.get(sandbox.WITHOUT_SANDBOX) == "1")
    return Cluster(cluster, sandboxed=sandboxed) if cluster else Local(workers, sandboxed=sandboxed)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def look_around(sandboxed: bool) -> tuple[dict[str, str], str | None]:
    """Return the versions here and why code can't be confined here, if it should be: a worker's answer."""
    return environment(), sandbox.available() if sandboxed else None
