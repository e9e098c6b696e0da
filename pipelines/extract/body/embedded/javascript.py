"""Values that a script writes as JavaScript and not as JSON: keys without quotes, ``void 0``, and Nuxt 2's state, a function
that is called at once and whose parameters are the values that recur:

    window.__NUXT__=(function(a,b){b.title=a;return {data:[{post:b}]}}("A title",{}))

Literals, such functions, and assignments to their parameters are read; nothing is run, and the reading ends
at anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance

_SPACE = re.compile(r"(?:\s++|/\*.*?\*/|//[^\n]*+)*+", re.DOTALL)
_STRING = re.compile(r""""((?:[^"\\]|\\.)*+)"|'((?:[^'\\]|\\.)*+)'|`((?:[^`\\$]|\\.|\$(?!\{))*+)`""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]{1,16}|(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][-+]?\d{1,3})?)")
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_FUNCTION = re.compile(r"\(\s*function\s*\w*\s*\(([\w$\s,]{0,20000})\)\s*\{")
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None, "Infinity": None}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_LONGEST_GAP = 1_000  # values that an assignment may add to a list

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A parameter, in place of its value, which is read later."""

    text: str


def read_literal(source: str, at: int, allowance: Allowance) -> tuple[object, int]:
    """The value that begins at *at* of the script *source*, and where it ends.  ValueError when it is none."""
    return _Reader(source, at, allowance).whole()


class _Reader:
    def __init__(self, source: str, at: int, allowance: Allowance) -> None:
        self._source, self._at, self._allowance = source, at, allowance

    def whole(self) -> tuple[object, int]:
        called = _FUNCTION.match(self._source, self._at)
        return (self._value(0) if called is None else self._call(called)), self._at

    def _call(self, begin: re.Match[str]) -> object:
        """The value of a function that is called at once."""
        names = [name.strip() for name in begin[1].split(",")]
        self._at = begin.end()
        assigned: list[tuple[str, Path, object]] = []
        while (name := self._name()) != "return":
            path = self._path()
            self._expect("=")
            assigned.append((name, path, self._value(0)))
            self._skip(";,")
        value = self._value(0)
        self._skip(";")
        self._expect("}")
        self._skip(")")
        self._expect("(")
        arguments = self._list(")", 0)
        scope = dict(zip(names, arguments, strict=False))
        for name, path, one in assigned:
            _assign(scope.get(name), path, one)
        return self._filled(value, scope, 0)

    def _filled(self, value: object, scope: dict[str, object], depth: int) -> object:
        """*value* with what its names stand for."""
        self._allowance.take(value, depth)
        if isinstance(value, _Name):
            return self._filled(scope.get(value.text), scope, depth + 1)
        if isinstance(value, dict):
            return {key: self._filled(one, scope, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one, scope, depth + 1) for one in value]
        return value

    def _value(self, depth: int) -> object:
        sign = self._peek()
        self._allowance.take(sign, depth)
        if sign in "\"'`":
            return self._string()
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            self._at += 1
            return self._list("]", depth)
        if sign == "!":  # how minifiers write true and false
            self._at += 1
            return not self._value(depth + 1)
        if (number := _NUMBER.match(self._source, self._at)) is not None:
            self._at = number.end()
            text = number[0]
            return int(text, 16) if "x" in text.lower() else float(text)
        return self._named(depth)

    def _named(self, depth: int) -> object:
        name = self._name()
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name == "void":
            self._value(depth + 1)
            return None
        if name == "new":
            name = self._name()
        elif self._peek() not in "(.":
            return _Name(name)
        while self._skip("."):  # Object.create(null)
            self._name()
        arguments: list[object] = []
        if self._skip("("):
            arguments = self._list(")", depth)
        return {} if name == "Object" else arguments[0] if arguments else None  # new Date(1), new Set([2])

    def _object(self, depth: int) -> dict[str, object]:
        self._at += 1
        found: dict[str, object] = {}
        while not self._skip("}"):
            key = self._key()
            self._expect(":")
            found[key] = self._value(depth + 1)
            if not self._skip(",") and self._peek() != "}":
                raise ValueError("an object does not go on")
        return found

    def _list(self, end: str, depth: int) -> list[object]:
        found: list[object] = []
        while not self._skip(end):
            if self._skip(","):  # a hole
                found.append(None)
                continue
            found.append(self._value(depth + 1))
            if not self._skip(",") and self._peek() != end:
                raise ValueError("a list does not go on")
        return found

    def _key(self) -> str:
        if self._peek() in "\"'":
            return self._string()
        number = _NUMBER.match(self._source, self._at)
        if number is not None:
            self._at = number.end()
            return number[0]
        return self._name()

    def _path(self) -> Path:
        """What is assigned to below a parameter: ``.title``, ``[0]``."""
        path: list[str | int] = []
        while True:
            if self._skip("."):
                path.append(self._name())
            elif self._skip("["):
                key = self._value(0)
                path.append(int(key) if isinstance(key, int | float) else str(key))
                self._expect("]")
            else:
                return tuple(path)

    def _string(self) -> str:
        found = _STRING.match(self._source, self._at)
        if found is None:
            raise ValueError("a string does not end")
        self._at = found.end()
        text = next(one for one in found.groups() if one is not None)
        self._allowance.take(text)
        return _unescaped(text) if "\\" in text else text

    def _name(self) -> str:
        self._peek()
        found = _NAME.match(self._source, self._at)
        if found is None:
            raise ValueError("no name")
        self._at = found.end()
        return found[0]

    def _peek(self) -> str:
        """The next sign that is no space; the reading stands before it."""
        space = _SPACE.match(self._source, self._at)
        self._at = space.end() if space else self._at
        if self._at >= len(self._source):
            raise ValueError("the script ends within a value")
        return self._source[self._at]

    def _skip(self, signs: str) -> bool:
        """Whether the next sign is one of *signs*, which then is read."""
        if self._peek() not in signs:
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise ValueError(f"no {sign}")


def _assign(target: object, path: Path, value: object) -> None:
    """Set *value* at *path* below *target*; what has no such place stays as it is."""
    for key in path[:-1]:
        if isinstance(target, dict):
            target = target.get(str(key))
        elif isinstance(target, list) and isinstance(key, int) and 0 <= key < len(target):
            target = target[key]
        else:
            return
    if not path:
        return
    if isinstance(target, dict):
        target[str(path[-1])] = value
    elif isinstance(target, list) and isinstance(path[-1], int) and 0 <= path[-1] < len(target) + _LONGEST_GAP:
        target += [None] * (path[-1] + 1 - len(target))
        target[path[-1]] = value


def _unescaped(text: str) -> str:
    plain = _ESCAPE.sub(_letter, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two escapes may be one letter


def _letter(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code is not None:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    return _CONTROLS.get(escape[4], escape[4])
