"""How a thing is reached, as it would be written: `app.store.sessions`."""
import collections
import types
import weakref

from .roots import RUNNING_FUNCTION
from .steps import step

LONGEST_PATH = 40
CONTAINERS = (dict, list, set, collections.deque)

# `owner` refers weakly to the object that has the thing, where one has; `names` are the variables of the module.
Path = collections.namedtuple("Path", "rank steps owner names")


def path_along(root, chain):
    """From a root to what the chain ends with; it begins with what the root itself is."""
    owners = [root if root.rank == RUNNING_FUNCTION else None] + chain
    steps = [step(owner, parent, child) for owner, parent, child in zip(owners, chain, chain[1:])]
    names = {} if root.rank == RUNNING_FUNCTION or len(chain) == 1 else root.thing
    return Path(root.rank, [root.name] + [written for written in steps if written != ""], _weakly(chain[:-1]), names)


def _weakly(chain):
    """The innermost object of a chain that is no container itself."""
    for thing in reversed(chain):
        if isinstance(thing, CONTAINERS + (tuple, type, types.FunctionType, types.CellType)):
            continue
        try:
            return weakref.ref(thing)
        except TypeError:
            return None
    return None
