"""Kernels of the course's JupyterLab: they have the reader of errors, whatever started elsewhere has not."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

EXTENSION = "melayani.galat"


class CourseKernels(AsyncMappingKernelManager):
    """The server's own manager of kernels; `ServerApp.kernel_manager_class` in config/ names it.

    A command-line argument, and not the environment: nbval, nbconvert and nbgrader, run from a terminal or a button
    of the same server, start their kernels themselves and would inherit an environment.
    """

    async def start_kernel(self, *, kernel_name: str | None = None, **options: Any) -> str:  # type: ignore[override]
        """Start a kernel as the server does, with the extension if it is an IPython kernel.

        `extra_extensions` adds to the list `extensions` of the user's own configuration; naming that would replace it.
        """
        assert self.kernel_spec_manager is not None  # made by the trait's default
        spec = self.kernel_spec_manager.get_kernel_spec(kernel_name or self.default_kernel_name)
        if "ipykernel_launcher" in spec.argv:
            options["extra_arguments"] = [f"--InteractiveShellApp.extra_extensions={EXTENSION}"]
        started: str = await super().start_kernel(kernel_name=kernel_name, **options)
        return started
