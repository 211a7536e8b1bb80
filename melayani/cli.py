"""The `melayani` command: what trainees and instructors call, in Bahasa Indonesia."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from melayani.course import CourseError, assignments, class_folder, find_root

if TYPE_CHECKING:
    from melayani.grading.executors import Grader


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; return its exit code (0 good, 1 needs a person, 2 could not run, 130 stopped)."""
    options = _parser().parse_args(arguments)
    # nbgrader calls alembic, which lies beside this Python.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    try:
        code: int = options.run(options, find_root())
        return code
    except (CourseError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Dihentikan.", file=sys.stderr)
        return 130


def _demo(options: argparse.Namespace, root: Path) -> int:
    from melayani.classroom.demo import run

    return run(root, stock=options.stock)


def _grade(options: argparse.Namespace, root: Path) -> int:
    names = options.tugas or assignments(root)
    with nullcontext() if options.stock else _open_grader(options) as grader:
        # Not before: this import takes as long as the start of what the grader needs.
        from melayani.grading.run import run

        return run(root, names, options.peserta, grader, again=options.ulang, patient=options.tunggu)


def _open_grader(options: argparse.Namespace) -> Grader:
    from melayani.grading.executors import open_grader

    return open_grader(options.pekerja, options.dask, options.tanpa_sandbox)


def _check(options: argparse.Namespace, root: Path) -> int:
    from melayani.classroom.cek import report

    return report(root)


def _submit(options: argparse.Namespace, root: Path) -> int:
    from melayani.course import load_config
    from melayani.grading.archives import pack

    folder = root / str(load_config(root).CourseDirectory.release_directory) / options.tugas
    target = pack(folder, options.peserta, Path.cwd())
    print(f"Tugas Anda ada di {target.name}. Unduh berkas itu, lalu kirimkan kepada pengajar.")
    return 0


def _receive(options: argparse.Namespace, root: Path) -> int:
    from melayani.grading.archives import receive
    from melayani.grading.intake import SET_ASIDE

    missing = [path for path in options.zip if not path.exists()]
    for path in missing:
        print(f"{path} tidak ada. Periksa nama dan foldernya.", file=sys.stderr)
    findings = receive(root, [path for path in options.zip if path.exists()])
    for finding in findings:
        print(f"  [{finding.kind}] {finding.file}: {finding.reason}.")
    print("Langkah berikutnya: melayani nilai")
    return 1 if missing or any(finding.kind == SET_ASIDE for finding in findings) else 0


def _export(options: argparse.Namespace, root: Path) -> int:
    from melayani.grading.export import table_for_people

    table_for_people(root, options.berkas)
    print(f"Tabel skor ditulis ke {options.berkas}.")
    return 0


def _deadline(options: argparse.Namespace, root: Path) -> int:
    from melayani.classroom.tenggat import class_zone, deadlines, read, set_deadline, shown
    from melayani.course import load_config
    from melayani.grading.times import duration

    zone = class_zone(load_config(root))
    before: set[str] = set()
    if options.waktu:
        moment = read(" ".join(options.waktu), zone)
        before = {hand_in.student for hand_in in deadlines(root, [options.tugas])[0].hand_ins if hand_in.seconds}
        found = [set_deadline(root, options.tugas, moment)]
    else:
        found = deadlines(root, [options.tugas] if options.tugas else None)
    for deadline in found:
        print(f"{deadline.assignment}: {shown(deadline.moment, zone) if deadline.moment else 'belum ada tenggat'}.")
        late = [hand_in for hand_in in deadline.hand_ins if hand_in.seconds]
        if late:
            print("  Terlambat: " + ", ".join(f"{one.student} ({duration(one.seconds)})" for one in late) + ".")
        if forgiven := sorted(before - {hand_in.student for hand_in in late}):
            print(f"  Tidak lagi terlambat: {', '.join(forgiven)}.")
    if options.waktu and list((class_folder(root) / "feedback").glob(f"*/{options.tugas}")):
        print(
            "Umpan balik yang sudah dibuat masih memuat keterangan yang lama. Buat lagi dengan: "
            f"nbgrader generate_feedback {options.tugas} --force"
        )
    return 0


def _correct(options: argparse.Namespace, root: Path) -> int:
    from melayani.classroom.koreksi import correct, next_commands
    from melayani.grading.progress import for_standard_output
    from melayani.grading.run import STOPPED, tell

    with _open_grader(options) as grader:
        done = correct(root, options.tugas, for_standard_output(), grader, patient=options.tunggu)
    print(f"Sel yang teks atau ujinya berubah: {', '.join(done.rewritten) or 'tidak ada'}.")
    code = tell(done.report, f"{len(done.report.graded)} kiriman dinilai ulang")
    if done.report.stopped:
        return STOPPED
    if done.backup:
        print(f"Buku skor sebelum koreksi: {done.backup}")
    if commands := next_commands(root, options.tugas):
        print("Langkah berikutnya:", *commands, sep="\n  ")
    return code


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} bukan bilangan bulat mulai dari 1")
    return int(text)


def _add_how(command: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add the options of a command that grades; return the group of those that say where."""
    command.add_argument("--tunggu", action="store_true", help="tunggu yang sedang dikerjakan oleh proses lain")
    command.add_argument("--tanpa-sandbox", action="store_true", help="jalankan kode peserta tanpa kurungan; dicatat")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--pekerja", type=_count, metavar="N", help="banyaknya kiriman sekaligus; bawaan: semua inti")
    where.add_argument("--dask", metavar="ALAMAT", help="nilai di klaster Dask, misalnya `tcp://10.0.0.5:8786`")
    return where


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="melayani", description="Perintah kursus Melayani dengan Python.")
    commands = parser.add_subparsers(required=True, metavar="PERINTAH")

    demo = commands.add_parser("demo", help="jalankan satu kelas contoh dari awal sampai skor")
    demo.add_argument("--stock", action="store_true", help="dengan nbgrader polos, sebagai pembanding")
    demo.set_defaults(run=_demo)

    grade = commands.add_parser("nilai", help="periksa dan nilai kiriman, lalu sebutkan yang perlu dilihat pengajar")
    grade.add_argument("tugas", nargs="*", help="nama tugas; tanpa nama berarti semua tugas")
    grade.add_argument("--peserta", nargs="+", action="extend", metavar="ID", help="hanya peserta ini")
    grade.add_argument("--ulang", action="store_true", help="nilai juga yang sudah dinilai dan tidak berubah")
    where = _add_how(grade)
    where.add_argument("--stock", action="store_true", help="dengan nbgrader polos, tanpa kurungan, sebagai pembanding")
    grade.set_defaults(run=_grade)

    check = commands.add_parser("cek", help="periksa apakah komputer ini siap menilai")
    check.set_defaults(run=_check)

    submit = commands.add_parser("serahkan", help="buat zip tugas untuk dikirimkan kepada pengajar")
    submit.add_argument("tugas", help="misalnya 00-orientasi")
    submit.add_argument("peserta", help="ID peserta Anda, misalnya 0007")
    submit.set_defaults(run=_submit)

    receive = commands.add_parser("terima", help="terima zip tugas dari peserta")
    receive.add_argument("zip", nargs="+", type=Path, help="berkas zip atau folder yang berisi zip")
    receive.set_defaults(run=_receive)

    export = commands.add_parser("ekspor", help="buat tabel skor yang dapat dibuka dengan Excel")
    export.add_argument("berkas", nargs="?", type=Path, default=Path("skor.csv"), help="bawaan: skor.csv")
    export.set_defaults(run=_export)

    deadline = commands.add_parser("tenggat", help="tampilkan atau tetapkan tenggat tugas")
    deadline.add_argument("tugas", nargs="?", help="nama tugas; tanpa nama berarti tampilkan semua tenggat")
    deadline.add_argument("waktu", nargs="*", help="misalnya 5 Maret 2027 pukul 23.59; tanpa jam berarti pukul 23.59")
    deadline.set_defaults(run=_deadline)

    correction = commands.add_parser("koreksi", help="pakai tugas yang diperbaiki, lalu nilai ulang semua kiriman")
    correction.add_argument("tugas", help="misalnya 00-orientasi")
    _add_how(correction)
    correction.set_defaults(run=_correct)
    return parser


if __name__ == "__main__":
    sys.exit(main())
