"""*Pembaca galat*: an IPython extension that explains the commonest errors of beginners in Bahasa.

The explanation stands under the traceback; the message of a failed check stands before it. The traceback itself
stays as it is, and an error that is not known for certain gets nothing. `kernels.py` loads the extension in the
kernels of the course's JupyterLab, and nowhere else: not in nbval, `make notebooks`, autograde or Validate.
"""

from melayani.galat.extension import load_ipython_extension

__all__ = ["load_ipython_extension"]
