"""Every verb that the sources can leave in the trail, read from the sources themselves.

A verb comes to the trail by `@action`, from where the function stands, or by a `Deed`. Whatever hands a verb on to one
(`bulk`, `taking_notes`, a function around them) is followed to where it is written out. What cannot be followed is a
fault: a name made up on the way, a second name for `Deed`, a verb exchanged afterwards.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yishang_crm.core.deeds import verb_of

# Where the ground itself puts a verb together: of an action, of the steps of a bulk deed, of a permit.
OF_THE_GROUND = {
    ("core/audit.py", "verb"),
    ("core/bulk.py", "f'{verb}.opened'"),
    ("core/bulk.py", "f'{self.verb}.chunk'"),
    ("core/permit.py", "deed.verb"),
    ("core/permit.py", "self.verb"),
}
# Where among the arguments the verb stands, and its name.
Place = tuple[int, str]
CARRIERS: dict[str, Place] = {"Deed": (1, "verb"), "Bulk": (1, "verb"), "Permit": (1, "verb")}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Verbs:
    """By verb the functions that leave it, as `(file, function)`; and what could not be followed."""

    left_by: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def left_by_two(self) -> dict[str, set[tuple[str, str]]]:
        return {verb: functions for verb, functions in self.left_by.items() if len(functions) > 1}


def verbs_of(sources: Mapping[str, ast.Module]) -> Verbs:
    """`sources` by their path within the package, `people/actions/tags.py`."""
    carriers = dict(CARRIERS)
    while True:
        known = dict(carriers)
        found = Verbs()
        for name, tree in sources.items():
            _Reading(name, tree, carriers, found).read()
        if carriers == known:
            return found


def module_of(name: str) -> str:
    return f"yishang_crm.{name.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"


class _Reading:
    def __init__(self, name: str, tree: ast.Module, carriers: dict[str, Place], found: Verbs) -> None:
        self.name, self.tree, self.carriers, self.found = name, tree, carriers, found

    def read(self) -> None:
        everything = list(ast.walk(self.tree))
        asked = {id(node.func) for node in everything if isinstance(node, ast.Call)}
        typed = {id(node) for annotation in _annotations(self.tree) for node in ast.walk(annotation)}
        decorators = [one for node in everything if isinstance(node, Function) for one in node.decorator_list]
        self.in_plain_sight, self.decorating = asked | typed, {id(one) for one in decorators}
        for node, around in _with_functions(self.tree, ()):
            if isinstance(node, Function):
                self._decorated(node)
            if isinstance(node, ast.Call):
                self._called(node, around)
            self._renamed(node)
            is_exchanged = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            if is_exchanged and node.attr == "verb" and self.name != "core/bulk.py":
                self._fault(node, "a verb is exchanged")

    def _renamed(self, node: ast.AST) -> None:
        """What opens a deed is called by its own name, or it could not be followed."""
        watched = {*self.carriers, "action"}
        if _last(node) in watched and id(node) not in self.in_plain_sight:
            self._fault(node, f"{_last(node)} goes by another name")
        for one in node.names if isinstance(node, ast.ImportFrom) else ():
            if one.asname and one.name in watched:
                self._fault(node, f"{one.name} goes by another name")

    def _decorated(self, node: Function) -> None:
        if not any(isinstance(one, ast.Call) and _last(one.func) == "action" for one in node.decorator_list):
            return
        if node.name.startswith("_"):
            self._fault(node, f"{node.name} is private, and no name for the trail")
        self._leaves(verb_of(module_of(self.name), node.name), node.name)

    def _called(self, node: ast.Call, around: tuple[Function, ...]) -> None:
        called = _last(node.func)
        if called == "action" and id(node) not in self.decorating:
            self._fault(node, "an action is made with @action")
        if called == "replace" and any(word.arg == "verb" for word in node.keywords):
            self._fault(node, "a verb is exchanged")
        if called == "setattr" and any(
            isinstance(one, ast.Constant) and one.value == "verb" for one in node.args
        ):
            self._fault(node, "a verb is exchanged")
        where = self.carriers.get(called)
        if where is None:
            return
        verb = _argument(node, where)
        if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
            self._written_out(node, verb.value, around)
        elif isinstance(verb, ast.Name) and (carrier := _given_to(verb.id, around)):
            self._hands_on(node, carrier, verb.id)
        elif (self.name, ast.unparse(verb) if verb else "") not in OF_THE_GROUND:
            self._fault(node, "write the verb out where the deed is opened")

    def _hands_on(self, node: ast.Call, carrier: Function, verb: str) -> None:
        place = (_parameters(carrier).index(verb), verb)
        if self.carriers.setdefault(carrier.name, place) != place:
            self._fault(node, f"another {carrier.name} hands verbs on, too")
        if any(
            isinstance(one, ast.Name) and one.id == verb and isinstance(one.ctx, ast.Store)
            for one in ast.walk(carrier)
        ):
            self._fault(node, "a verb is exchanged")

    def _written_out(self, node: ast.Call, verb: str, around: tuple[Function, ...]) -> None:
        room = verb.rpartition(".")[0]
        home = verb_of(module_of(self.name), "")[:-1]
        # Beside actions a file may speak for itself or for the folder that it stands in.
        allowed = {home} if ".actions" in module_of(self.name) else {home, home.rpartition(".")[0]}
        if room not in allowed - {""}:
            self._fault(node, f"{verb} names another room than {home}")
        self._leaves(verb, around[0].name if around else "")

    def _leaves(self, verb: str, function: str) -> None:
        self.found.left_by.setdefault(verb, set()).add((self.name, function))

    def _fault(self, node: ast.AST, what: str) -> None:
        self.found.faults.append(f"{self.name}:{getattr(node, 'lineno', 0)}: {what}")


def _with_functions(
    node: ast.AST, around: tuple[Function, ...]
) -> Iterator[tuple[ast.AST, tuple[Function, ...]]]:
    """Every node below, with the functions that stand around it, the outermost first."""
    for child in ast.iter_child_nodes(node):
        yield child, around
        yield from _with_functions(child, (*around, child) if isinstance(child, Function) else around)


def _annotations(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
            yield node.annotation
        if isinstance(node, Function) and node.returns:
            yield node.returns


def _last(node: ast.AST) -> str:
    """`Deed` of `Deed` and of `core.deed.Deed`."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _argument(node: ast.Call, where: Place) -> ast.expr | None:
    place, name = where
    by_name = [word.value for word in node.keywords if word.arg == name]
    plain = node.args[: place + 1]
    if by_name or len(plain) <= place or any(isinstance(one, ast.Starred) for one in plain):
        return by_name[0] if by_name else None
    return plain[place]


def _parameters(function: Function) -> list[str]:
    """In order, as a caller counts them."""
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [one.arg for one in arguments if one.arg not in ("self", "cls")]


def _given_to(name: str, around: tuple[Function, ...]) -> Function | None:
    """The innermost of the functions around that has it as a parameter."""
    return next((function for function in reversed(around) if name in _parameters(function)), None)
