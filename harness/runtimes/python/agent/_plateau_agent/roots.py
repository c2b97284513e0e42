"""Where the search for what holds something begins: modules of the target, what its running functions hold, other modules."""
import collections
import gc
import sys
import sysconfig

from .names import module_name

_MOST_FRAMES = 40

# Lower ranks are what people know their containers by.
OWN_MODULE, RUNNING_FUNCTION, OTHER_MODULE = range(3)
Root = collections.namedtuple("Root", "name thing rank")


def roots():
    library = sysconfig.get_paths()["stdlib"]
    own, others = [], []
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        name = getattr(module, "__name__", None)
        if not isinstance(names, dict) or not isinstance(name, str) or name.split(".")[0] == "_plateau_agent":
            continue
        file = getattr(module, "__file__", None) or ""
        is_foreign = file == "" or file.startswith(library) or "-packages/" in file
        if is_foreign and name != "__main__":
            others.append(Root(module_name(module), names, OTHER_MODULE))
        else:
            own.append(Root(module_name(module), names, OWN_MODULE))
    # Many modules may refer to the same thing: `logging` is known better than what imports it.
    others.sort(key=lambda root: root.name.count("."))
    return own + list(_locals_of_running_functions()) + others


def _locals_of_running_functions():
    for frame in list(sys._current_frames().values()):
        depth = 0
        while frame is not None and depth < _MOST_FRAMES:
            code = frame.f_code
            if "_plateau_agent" in code.co_filename:
                break
            if code.co_name != "<module>":
                for name, value in list(frame.f_locals.items()):
                    if gc.is_tracked(value) or type(value) is dict:
                        yield Root("%s().%s" % (getattr(code, "co_qualname", code.co_name), name), value, RUNNING_FUNCTION)
            frame = frame.f_back
            depth += 1
