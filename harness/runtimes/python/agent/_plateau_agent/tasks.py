"""Tasks of asyncio that have not ended."""
import gc
import sys


def count():
    """None while nobody uses asyncio."""
    if "asyncio" not in sys.modules:
        return None
    return sum(1 for _ in alive())


def alive():
    """Every task that has not ended, of all event loops and threads."""
    tasks = sys.modules["asyncio"].tasks
    registries = [getattr(tasks, name, None) for name in ("_all_tasks", "_scheduled_tasks")]
    known = [registry for registry in registries if registry is not None]
    # Since 3.14 the registry is part of the interpreter.
    candidates = [task for registry in known for task in _copy(registry)] if known else _all_objects(tasks)
    eager = _copy(getattr(tasks, "_eager_tasks", None) or ())
    return [task for task in candidates + eager if not task.done()]


def _copy(registry):
    """The target goes on meanwhile, and what changes cannot be iterated over."""
    for _ in range(100):
        try:
            return list(registry)
        except RuntimeError:
            pass
    return []


def _all_objects(tasks):
    kinds = (tasks.Task, tasks._PyTask)
    return [candidate for candidate in gc.get_objects() if type(candidate) in kinds]
