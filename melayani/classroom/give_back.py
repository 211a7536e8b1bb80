"""Releasing feedback in a class where some hand-ins came through the exchange and some as zips."""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

#: What a hand-in that came through the exchange holds; nbgrader opens both for every page.
NEEDED = ("timestamp.txt", "submission_secret.txt")


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """nbgrader's own, but a hand-in that did not come through the exchange is named and left out.

    Nobody could fetch its page there: the name of a page is made from a secret that only `nbgrader submit` gives.
    """

    def copy_files(self) -> None:
        """Release the pages that can be fetched. Raises ExchangeError when there are only others."""
        folders = sorted({page.parent for page in Path("/").glob(f"{self.src_path.lstrip('/')}/*.html")})
        others = [folder for folder in folders if not all((folder / name).is_file() for name in NEEDED)]
        told = (
            f"{len(others)} kiriman tidak datang lewat folder pertukaran, misalnya berupa zip. Kirimkan halamannya "
            f"lewat saluran yang sama: {', '.join(map(str, others))}"
        )
        if others and others == folders:
            self.fail(told)
        excluded = self.coursedir.student_id_exclude
        names = [*filter(None, excluded.split(",")), *(folder.parent.name for folder in others)]
        self.coursedir.student_id_exclude = ",".join(names)
        try:
            super().copy_files()
        finally:
            self.coursedir.student_id_exclude = excluded
        if others:
            self.log.warning(told)
