"""A ViewDefinition read into a `View`, or what is wrong with it and where."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from wholerecord.research.views.paths import read_path
from wholerecord.research.views.view import BadView, Column, Path, Select, Value, View

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_EXCLUSIVE = ("forEach", "forEachOrNull", "repeat")
_DEEPEST = 30


def read_view(said: Any) -> View:
    """The view that a ViewDefinition (as read from JSON) says.

    Raises:
        BadView: it is none, and where.
    """
    view = _object(said, "the view")
    resource = view.get("resource")
    if not isinstance(resource, str) or not _NAME.fullmatch(resource):
        raise BadView("The view names no resource.")
    reader = _Reader(_constants(view.get("constant", [])))
    selects = reader.selects(view.get("select"), "select", 0)
    if not selects:
        raise BadView("The view selects nothing.")
    select = Select(within=selects)
    _no_twice(select)
    where = tuple(
        reader.path(_object(one, f"where[{n}]").get("path"), f"where[{n}]")
        for n, one in enumerate(_list(view.get("where", []), "where"))
    )
    name = view.get("name", "")
    return View(
        resource=resource, select=select, where=where, name=name if isinstance(name, str) else ""
    )


class _Reader:
    def __init__(self, constants: Mapping[str, Value]) -> None:
        self._constants = constants

    def path(self, said: Any, where: str) -> Path:
        if not isinstance(said, str) or not said.strip():
            raise BadView(f"There is no path at {where}.")
        return read_path(said, self._constants)

    def selects(self, said: Any, where: str, deep: int) -> tuple[Select, ...]:
        if deep > _DEEPEST:
            raise BadView(f"The selects at {where[:40]} are nested too deeply.")
        return tuple(
            self._select(_object(one, f"{where}[{n}]"), f"{where}[{n}]", deep)
            for n, one in enumerate(_list(said, where))
        )

    def _select(self, said: Mapping[str, Any], where: str, deep: int) -> Select:
        given = [name for name in _EXCLUSIVE if name in said]
        if len(given) > 1:
            raise BadView(f"There is more than one of {', '.join(given)} at {where}.")
        columns = tuple(
            self._column(_object(one, f"{where}.column[{n}]"), f"{where}.column[{n}]")
            for n, one in enumerate(_list(said.get("column", []), f"{where}.column"))
        )
        each = said.get("forEach", said.get("forEachOrNull"))
        union = self.selects(said.get("unionAll", []), f"{where}.unionAll", deep + 1)
        _alike(union, f"{where}.unionAll")
        select = Select(
            columns=columns,
            within=self.selects(said.get("select", []), f"{where}.select", deep + 1),
            union=union,
            each=None if each is None else self.path(each, f"{where}.{given[0]}"),
            or_null="forEachOrNull" in said,
            repeat=tuple(
                self.path(one, f"{where}.repeat[{n}]")
                for n, one in enumerate(_list(said.get("repeat", []), f"{where}.repeat"))
            ),
        )
        if not select.all_columns:
            raise BadView(f"There is no column at {where}.")
        return select

    def _column(self, said: Mapping[str, Any], where: str) -> Column:
        name, kind = said.get("name"), said.get("type", "")
        collection = said.get("collection", False)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BadView(f"The column at {where} has no name that a database takes.")
        if not isinstance(kind, str) or not isinstance(collection, bool):
            raise BadView(f"The type or collection of the column at {where} is none.")
        path = self.path(said.get("path"), where)
        return Column(name=name, path=path, type=kind, collection=collection)


def _constants(said: Any) -> dict[str, Value]:
    constants: dict[str, Value] = {}
    for n, one in enumerate(_list(said, "constant")):
        constant = _object(one, f"constant[{n}]")
        name = constant.get("name")
        values = [value for key, value in constant.items() if key.startswith("value")]
        if not isinstance(name, str) or not _NAME.fullmatch(name) or len(values) != 1:
            raise BadView(f"constant[{n}] is not one name with one value.")
        if not isinstance(values[0], str | int | float | bool):
            raise BadView(f"The value of constant[{n}] is not a plain one.")
        constants[name] = values[0]
    return constants


def _alike(union: tuple[Select, ...], where: str) -> None:
    """Every branch has the same columns in the same order."""
    names = {tuple(column.name for column in one.all_columns) for one in union}
    if len(names) > 1:
        raise BadView(f"The columns at {where} differ from one to another.")


def _no_twice(select: Select) -> None:
    names = [column.name.lower() for column in select.all_columns]
    for name in names:
        if names.count(name) > 1:
            raise BadView(f"The column {name!r} is there twice.")


def _object(said: Any, where: str) -> Mapping[str, Any]:
    if not _is_object(said):
        raise BadView(f"There is no object at {where}.")
    return said


def _list(said: Any, where: str) -> list[Any]:
    if not _is_list(said):
        raise BadView(f"There is no list at {where}.")
    return said


def _is_object(said: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(said, dict)


def _is_list(said: Any) -> TypeGuard[list[Any]]:
    return isinstance(said, list)
