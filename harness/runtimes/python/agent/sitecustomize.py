"""Every Python that a target starts loads this: it opens the way for plateau, then hands over to the next sitecustomize.

Readable for Python 2 too, which finds it on the same PYTHONPATH.
"""
import os
import sys

_directory = os.path.dirname(os.path.abspath(__file__))


def _open_for_plateau():
    if sys.version_info < (3, 8):
        return
    try:
        import _plateau_agent

        _plateau_agent.listen(os.path.dirname(_directory))
    except Exception as error:  # The target must start, whatever is wrong here.
        sys.stderr.write("plateau cannot look into this process: %r\n" % (error,))


def _hand_over():
    """Loads the sitecustomize that would have been loaded without plateau, under its own name."""
    sys.path[:] = [entry for entry in sys.path if entry != _directory]
    if sys.version_info < (3, 8):
        return
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_open_for_plateau()
_hand_over()
