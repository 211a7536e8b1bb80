"""Code that reaches for the machinery of Python, IPython or the grading: what an instructor should look at.

A report, never a verdict: honest beginners do not write such code, but nothing here lowers a score.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from melayani.grading.endings import parse
from melayani.grading.runner.job import ANSWER, Cell, Report

KIND = "mencurigakan"
MOST = 4  # sentences for one cell

_RUNS = "mengubah cara Python menjalankan kode"
_READS = "membaca kode lain yang sedang berjalan"
_MEMORY = "membaca atau mengubah isi memori Python"
_LOADS = "mengubah cara Python memuat modul"
_ENDS = "menghentikan proses yang menjalankan notebook"
_SIGNALS = "mengirim atau mengabaikan sinyal antarproses"
_PROCESSES = "membuat atau memisahkan proses baru"
_SHELL = "menyentuh bagian dalam IPython yang menjalankan sel"
_SHOWS = "menerbitkan keluaran yang menyerupai hasil sel lain"
_SYSTEM = "menyentuh bagian sistem di luar tugas"

#: What is told of a dotted name, or of anything below it.
TOUCHY: dict[str, str] = {
    "sys.settrace": _RUNS,
    "sys.setprofile": _RUNS,
    "sys.monitoring": _RUNS,
    "threading.settrace": _RUNS,
    "threading.setprofile": _RUNS,
    "sys.addaudithook": _RUNS,
    "sys.excepthook": _RUNS,
    "sys.setrecursionlimit": "",  # beginners do
    "sys._getframe": _READS,
    "sys._current_frames": _READS,
    "sys.displayhook": _SHOWS,
    "inspect.currentframe": _READS,
    "inspect.stack": _READS,
    "inspect.getouterframes": _READS,
    "linecache": _READS,
    "gc": _MEMORY,
    "ctypes": _MEMORY,
    "mmap": _MEMORY,
    "sys.modules": _LOADS,
    "sys.meta_path": _LOADS,
    "sys.path_hooks": _LOADS,
    "importlib.reload": _LOADS,
    "codecs.register": _LOADS,
    "os._exit": _ENDS,
    "os.abort": _ENDS,
    "os.kill": _SIGNALS,
    "os.killpg": _SIGNALS,
    "signal": _SIGNALS,
    "os.fork": _PROCESSES,
    "os.forkpty": _PROCESSES,
    "os.setsid": _PROCESSES,
    "pty": _PROCESSES,
    "os.unshare": _SYSTEM,
    "os.setns": _SYSTEM,
    "os.chroot": _SYSTEM,
    "os.mount": _SYSTEM,
    "os.mknod": _SYSTEM,
    "os.mkfifo": _SYSTEM,
    "os.environ": "",  # may be read
    "atexit": "menjalankan kode setelah notebook selesai",
    "IPython.core": _SHELL,
    "IPython.get_ipython": "",  # calls of it are looked at
    "IPython.core.getipython.get_ipython": "",
    "IPython.display": "",
    "IPython.display.publish_display_data": _SHOWS,
    "IPython.core.display": "",
    "ipykernel": _SHELL,
    "nbgrader": "menyentuh program penilai",
    "melayani.grading": "menyentuh program penilai",
}
#: Attributes that only such code uses, of whatever object.
ATTRIBUTES: dict[str, str] = {
    "f_back": _READS,
    "f_locals": _READS,
    "f_globals": _READS,
    "f_builtins": _READS,
    "f_code": _READS,
    "tb_frame": _READS,
    "gi_frame": _READS,
    "__subclasses__": _MEMORY,
    "__code__": _RUNS,
    "__globals__": _READS,
    "__builtins__": _RUNS,
}
#: What magics and what they become may use of the shell.
_SHELL_MAY = {"run_line_magic", "run_cell_magic", "system", "getoutput"}
_MAGICS_WITH_CODE = {"capture", "time", "timeit", "prun"}
_COMPARISONS = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"}
_LIES = {"__instancecheck__", "__subclasscheck__", "__class__", "__array_ufunc__", "__array_function__"}
_PATHS = {
    "/proc/": _SYSTEM,
    "/etc/shadow": _SYSTEM,
    "/root": _SYSTEM,
    "gradebook.db": "menyentuh buku skor",
    "solutions/": "mencari kunci jawaban",
    "/submitted/": "mencari pekerjaan orang lain",
    "nbgrader_config": "menyentuh program penilai",
}
_SET_BY_MANY = ("pandas.options", "matplotlib.rcParams", "numpy.random")


def suspicions(cells: Sequence[Cell], given: Iterable[str] = ()) -> list[Report]:
    """Return what trainees' cells in `cells` reach for, one sentence each; what `given` cells do too is not told.

    The cells' numbers in sentences count the code cells, from 1. Cells that are no Python say nothing.
    """
    known = {found for source in given for found in _found(source)}
    reports = []
    for index, cell in enumerate(cells):
        if cell.where == ANSWER:
            name = f"Sel {cell.name}" if cell.name else f"Sel kode ke-{index + 1}"
            new = [found for found in dict.fromkeys(_found(cell.source)) if found not in known]
            reports += [Report(index, KIND, f"{name} {found}.") for found in new[:MOST]]
    return reports


def _found(source: str) -> list[str]:
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    look = _Look()
    try:
        look.visit(tree)
    except RecursionError:
        return ["memuat ungkapan yang terlalu dalam untuk diperiksa"]
    return look.found


class _Look(ast.NodeVisitor):
    """Collects the ends of sentences, in the order of the code."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._modules: dict[str, str] = {}  # names in this cell and the dotted names they stand for

    def _tell(self, what: str, why: str) -> None:
        if why:
            self.found.append(f"{what}, yang {why}")

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._modules[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )
            self._tell(f"memakai {alias.name}", _touchy(alias.name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            dotted = f"{node.module}.{alias.name}"
            self._modules[alias.asname or alias.name] = dotted
            self._tell(f"memakai {dotted}", _touchy(dotted))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        dotted = self._dotted(node)
        if dotted and (why := _touchy(dotted)):
            self._tell(f"memakai {dotted}", why)
            return
        self._tell(f"memakai {node.attr}", ATTRIBUTES.get(node.attr, ""))
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == "__builtins__":
            self._tell("memakai __builtins__", _RUNS)
        elif node.id == "get_ipython":
            self._tell("memakai get_ipython()", _SHELL)

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name("get_ipython")), attr=name)) if (
                name in _SHELL_MAY
            ):
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if texts and texts[0] in _MAGICS_WITH_CODE:
                    self._inside(texts[-1])
                return
            case ast.Call(func=ast.Name("exec" | "eval" | "compile"), args=[ast.Constant(str(text)), *_]):
                self._inside(text)
            case ast.Call(func=ast.Name("setattr" | "delattr"), args=[target, *_]):
                dotted = self._dotted(target)
                if dotted:
                    self._tell(f"mengganti isi modul {dotted}", _RUNS)
            case ast.Call(func=ast.Name("exit" | "quit")):
                self._tell("memanggil exit() atau quit()", _ENDS)
            case ast.Call(func=ast.Name("__import__"), args=[ast.Constant(str(name)), *_]):
                self._tell(f"memakai {name}", _touchy(name))
            case ast.Call(func=function, args=[number, *_]) if self._dotted(function) == "os.write":
                if not (isinstance(number, ast.Constant) and number.value in (1, 2)):
                    self._tell("memakai os.write pada berkas terbuka milik program lain", _SHOWS)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        methods = {name: part for part in node.body for name in _bound_by(part)}
        lies = [name for name in methods if name in _LIES]
        always = [name for name, part in methods.items() if name in _COMPARISONS and not _compares(part)]
        if lies:
            self._tell(f"membuat kelas {node.name} dengan {', '.join(lies)}", "menyamarkan jenis objeknya")
        if always:
            self._tell(f"membuat kelas {node.name} dengan {', '.join(always)}", "menjawab tanpa membandingkan")
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._changed(target)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._changed(node.target)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            for path, why in _PATHS.items():
                if path in node.value:
                    self._tell(f"menyebut {path}", why)

    def _changed(self, target: ast.expr) -> None:
        if isinstance(target, ast.Attribute):
            dotted = self._dotted(target)
            if dotted and not dotted.startswith(_SET_BY_MANY):
                self._tell(f"mengganti {dotted}", _RUNS)

    def _dotted(self, node: ast.expr) -> str:
        """Return the dotted name that `node` stands for when it begins with an imported module, else nothing."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in self._modules:
            return ".".join([self._modules[node.id], *reversed(parts)])
        return ""

    def _inside(self, text: str) -> None:
        self.found += _found(text)


def _touchy(dotted: str) -> str:
    """Return why a dotted name is told: the longest entry of TOUCHY that it is or lies below decides."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        if (why := TOUCHY.get(".".join(parts[:end]))) is not None:
            return why
    return ""


def _bound_by(part: ast.stmt) -> list[str]:
    if isinstance(part, ast.FunctionDef):
        return [part.name]
    targets = part.targets if isinstance(part, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _compares(method: ast.stmt) -> bool:
    """Return whether a comparison looks at both objects: it names its parameters or compares something."""
    if not isinstance(method, ast.FunctionDef):
        return False
    names = {argument.arg for argument in method.args.args}
    used = {node.id for node in _walk(method.body) if isinstance(node, ast.Name)}
    return len(names) > 1 and names <= used


def _walk(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        yield from ast.walk(statement)
