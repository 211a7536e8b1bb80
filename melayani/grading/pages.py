"""Formgrader's pages under a strict policy: an extension of the Jupyter server, loaded with config/pengajar.

nbgrader puts ids into its pages without escaping, sends JSON and files of a hand-in as if they were its own pages, and
runs the nbgrader_config.py of any folder that an address names. Its handlers have no setting for that, so here each is
registered again, as a subclass, before nbgrader registers its own: the first one that fits an address answers.
(jupyter_server loads extensions by name, and `melayani…` comes before `nbgrader…`; a test opens the pages.)
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, BaseHandler
from tornado.web import HTTPError

# Its pages have scripts in them; what they load and ask comes from this server alone.
PAGE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'"
)
# JSON that is opened as a page is nobody's page.
DATA = "default-src 'none'; sandbox"
# A file of a hand-in may be looked at, and is a stranger to this server.
FILE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"

# In an id, what would end the string or the tag that nbgrader's templates write it into.
_ENDS_A_STRING = re.compile(r"""["<>\\\x00-\x1f\u2028\u2029]""")


class Guarded(BaseHandler):  # type: ignore[misc]
    """A handler of Formgrader with `policy` added to what the server sends anyway; refuses ids that aren't names."""

    policy = PAGE

    @property
    def content_security_policy(self) -> str:
        """Return the policy of the server and of this handler."""
        return f"{super().content_security_policy}; {self.policy}"

    def set_default_headers(self) -> None:
        """Send each answer as what it says it is."""
        super().set_default_headers()
        self.set_header("X-Content-Type-Options", "nosniff")

    async def prepare(self, *args: Any, **options: Any) -> None:
        """Answer 404 to an id that could be taken for a piece of the page, 403 to a course that isn't this one."""
        await super().prepare(*args, **options)
        if self.policy != FILE and any(map(_ENDS_A_STRING.search, [*self.path_args, *self.path_kwargs.values()])):
            raise HTTPError(404)
        if isinstance(self, handlers.FormgraderHandler) and (path := self.get_argument("path", "")):
            root: Any = self.coursedir.root
            if Path(path).resolve() != Path(root).resolve():
                raise HTTPError(403)


def guarded(handler: type[BaseHandler]) -> type[BaseHandler]:
    """Return nbgrader's `handler` with the policy for what it sends."""
    if issubclass(handler, handlers.SubmissionFilesHandler):
        policy = FILE
    else:
        policy = DATA if issubclass(handler, BaseApiHandler) else PAGE
    return type(handler.__name__, (Guarded, handler), {"policy": policy})


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell jupyter_server where the extension is."""
    return [{"module": "melayani.grading.pages"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Register the guarded handlers; jupyter_server calls this."""
    base = server.web_app.settings["base_url"]
    rules = [*handlers.default_handlers, *apihandlers.default_handlers]
    server.web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, address), guarded(handler), *rest)
            for address, handler, *rest in rules
            if issubclass(handler, BaseHandler)
        ],
    )
