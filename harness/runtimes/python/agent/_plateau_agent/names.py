"""Names of types and functions as their users write them."""
import ast
import sys

_functions = {}


def type_name(kind):
    """`dict`, `app.Session`; of the main module without its name."""
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", None) or kind.__name__
    return name if module in ("builtins", "__main__", None) else "%s.%s" % (module, name)


def function_at(file, line):
    """The function that a line belongs to; None outside of functions, and where the source cannot be read."""
    if file not in _functions:
        _functions[file] = list(_functions_in(file))
    inside = [(start, name) for start, end, name in _functions[file] if start <= line <= end]
    return max(inside)[1] if inside else None


def _functions_in(file):
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return
    stack = [(tree, "")]
    while stack:
        node, path = stack.pop()
        for child in ast.iter_child_nodes(node):
            name = getattr(child, "name", None)
            inner = path
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = name if path == "" else "%s.%s" % (path, name)
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield child.lineno, child.end_lineno, inner
            stack.append((child, inner))


def module_name(module):
    """The main module by the name of its file."""
    name = module.__name__
    if name != "__main__":
        return name
    file = getattr(module, "__file__", None) or sys.argv[0] or "__main__"
    return file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
