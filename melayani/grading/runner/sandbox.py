"""What a trainee's process can't reach: bubblewrap around the runner, and a fresh set of namespaces per child.

Linux only. Measured: bubblewrap at the start of a run 10 ms, the namespaces of a child 8 ms.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import melayani
from melayani.grading.runner.job import Limits

if sys.platform != "win32":  # where `available` still has to say what helps
    import fcntl
    import resource

WITHOUT_SANDBOX = "MELAYANI_TANPA_SANDBOX"  # the environment variable that `--tanpa-sandbox` sets to 1
WORK = "/tmp/tugas"  # where a child finds the notebook's files
HOME = "/tmp/rumah"
FONTS = "/tmp/fonts"  # matplotlib's list of fonts, which takes seconds to make
USER = 1000  # inside; outside it is whoever grades
# What the zygote keeps inside bubblewrap's own user namespace, to give each child namespaces; children have nothing.
_NEEDED = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SETFCAP")
_NEW_PID, _NEW_USER, _NEW_OTHERS = 0x20000000, 0x10000000, 0x00020000 | 0x04000000 | 0x08000000 | 0x40000000
_MS_BIND, _MS_REC, _MS_PRIVATE, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 0x1000, 0x4000, 0x40000, 0x2, 0x4, 0x8
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_MOST_PIDS = 400  # the kernel (from 6.14 on) takes no fewer than 301 for a namespace of its own


def command(program: Sequence[str], environment: dict[str, str]) -> list[str]:
    """Return `program` inside bubblewrap: read-only system, Python and this package; no network, nothing else."""
    words = ["bwrap", "--die-with-parent", "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net"]
    words += ["--unshare-uts", "--uid", "0", "--gid", "0", "--cap-drop", "ALL"]
    for capability in _NEEDED:
        words += ["--cap-add", capability]
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if Path(folder).is_symlink():
            words += ["--symlink", str(Path(folder).readlink()), folder]
        elif Path(folder).is_dir():
            words += ["--ro-bind", folder, folder]
    for file in ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/etc/mime.types"):
        words += ["--ro-bind-try", file, file]
    # The whole of /proc, because only who sees it all may mount one of its own later, as every child does.
    words += ["--dev", "/dev", "--bind", "/proc", "/proc", "--tmpfs", "/tmp"]
    for path in python_folders():
        words += ["--ro-bind", path, path]
    if fonts := _list_of_fonts():
        words += ["--ro-bind", str(fonts), f"{FONTS}/{fonts.name}"]
    words += ["--remount-ro", "/", "--chdir", "/tmp", "--clearenv"]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return [*words, *program]


@functools.cache
def python_folders() -> list[str]:
    """Return the folders, none inside another, that Python and its packages lie in, without the course's own."""
    package = Path(melayani.__file__).resolve().parent
    found = {Path(p) for p in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    found |= {Path(p).resolve() for p in sys.path if "site-packages" in p or "dist-packages" in p}
    found |= {Path(sys.executable).parent, Path(sys.executable).resolve().parent, package}
    kept: list[str] = []
    for path in sorted(found):
        inside = any(path.is_relative_to(other) for other in [*kept, "/usr"])
        if path.is_dir() and not inside:
            kept.append(str(path))
    return kept


def _list_of_fonts() -> Path | None:
    """Return matplotlib's list of this machine's fonts, made now if there is none."""
    home = Path.home() / ".cache"
    folder = Path(os.environ.get("MPLCONFIGDIR") or Path(os.environ.get("XDG_CACHE_HOME") or home, "matplotlib"))
    for _ in range(2):
        if lists := sorted(folder.glob("fontlist-*.json")):
            return lists[-1]
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=False, capture_output=True)
    return None


@functools.cache
def available() -> str | None:
    """Return None where a child can be confined, else a sentence in Bahasa: why not, and what helps."""
    if not sys.platform.startswith("linux"):
        return (
            "Kode peserta hanya dapat dikurung di Linux, sedangkan komputer ini memakai sistem lain. Nilailah di "
            "Linux, misalnya di server kelas, atau dengan WSL di Windows."
        )
    if not shutil.which("bwrap"):
        return (
            "Kode peserta belum dapat dikurung karena bubblewrap belum terpasang. Pasang dengan: "
            "sudo apt install bubblewrap"
        )
    probe = command([sys.executable, "-m", "melayani.grading.runner.sandbox"], clean_environment())
    done = subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    reason = (done.stderr.strip().splitlines() or ["tanpa keterangan"])[-1]
    return (
        "Kode peserta belum dapat dikurung karena komputer ini tidak mengizinkan ruang nama pengguna (user "
        f"namespaces): {reason}. Mintalah pengelola menyetel kernel.apparmor_restrict_unprivileged_userns=0 atau "
        "kernel.unprivileged_userns_clone=1; di dalam kontainer, wadahnya perlu izin yang sama."
    )


def clean_environment() -> dict[str, str]:
    """Return the environment of the runner and of the cells: nothing of the grader's."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": HOME,
        "PYTHONPATH": str(Path(melayani.__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # One thread only, or a fork could inherit a lock that nobody will release.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        # As jupyter_client sets them for a kernel.
        "PYDEVD_USE_FRAME_EVAL": "NO",
        "TERM": "xterm-color",
        "CLICOLOR": "1",
        "FORCE_COLOR": "1",
        "CLICOLOR_FORCE": "1",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
    }


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> None:
    if getattr(_libc(), name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends (Linux)."""
    if sys.platform.startswith("linux"):
        _call("prctl", _PR_SET_PDEATHSIG, 9, 0, 0, 0)


@functools.cache
def _own_pid_namespace() -> int:
    return os.open("/proc/self/ns/pid", os.O_RDONLY)


def fork_apart() -> int:
    """Fork a child that is process 1 of a pid namespace of its own; `settle` is its first duty. Raises OSError."""
    here = _own_pid_namespace()
    _call("unshare", _NEW_PID)
    try:
        return os.fork()
    finally:
        if os.getpid() != 1:
            _call("setns", here, _NEW_PID)


def settle(limits: Limits) -> None:
    """As process 1 of a pid namespace: own files, /proc, terminals and loopback, and no way to change any of it."""
    _call("unshare", _NEW_OTHERS)
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    covered = {path: os.open(path, os.O_PATH) for path in python_folders() if path.startswith("/tmp/")}
    for place in ("/tmp", "/dev/shm"):
        options = f"size={limits.disk},nr_inodes=20000,mode=1777".encode()
        _call("mount", b"tmpfs", place.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options)
    for path, descriptor in covered.items():
        Path(path).mkdir(parents=True)
        _call("mount", f"/proc/self/fd/{descriptor}".encode(), path.encode(), None, _MS_BIND | _MS_REC, None)
        os.close(descriptor)
    _call("mount", b"proc", b"/proc", b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)
    terminals = b"newinstance,ptmxmode=0666,mode=620"
    _call("mount", b"devpts", b"/dev/pts", b"devpts", _MS_NOSUID | _MS_NOEXEC, terminals)
    for folder in (WORK, HOME):
        Path(folder).mkdir()
    _loopback_up()
    socket.sethostname("melayani")
    with contextlib.suppress(OSError):  # before Linux 6.14; RLIMIT_NPROC and the end of the namespace remain
        Path("/proc/sys/kernel/pid_max").write_text(str(_MOST_PIDS))
    _become_nobody()


def _become_nobody() -> None:
    """Have a user namespace of its own, in which nothing is allowed and none can be made."""
    _call("unshare", _NEW_USER)
    for name, line in (("setgroups", "deny"), ("uid_map", f"{USER} 0 1"), ("gid_map", f"{USER} 0 1")):
        Path("/proc/self", name).write_text(line)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    drop_capabilities()


def drop_capabilities() -> None:
    """Give up every capability of this process."""
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _call("capset", ctypes.create_string_buffer(header), ctypes.create_string_buffer(nothing, 24))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS


def limit(limits: Limits) -> None:
    """Set what this process and its children may use."""
    wanted = [(resource.RLIMIT_FSIZE, limits.file_size), (resource.RLIMIT_NOFILE, limits.open_files)]
    if sys.platform.startswith("linux"):
        wanted.append((resource.RLIMIT_NPROC, limits.processes))
    limit_work(limits)
    _set(wanted)


def limit_work(limits: Limits) -> None:
    """Set how much this process may compute and remember: the judge too works with what a trainee's code made."""
    wanted = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, int(limits.cpu_seconds))]
    if sys.platform.startswith("linux"):
        here = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        wanted.append((resource.RLIMIT_AS, here + limits.memory))
    _set(wanted)


def _set(wanted: Sequence[tuple[int, int]]) -> None:
    for kind, value in wanted:
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def _probe() -> int:
    """Try what every child does; return an exit code."""
    child = fork_apart()
    if child == 0:
        try:
            settle(Limits())
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(_probe())
