r"""Values that hold a comma, a dollar, a bar or a backslash: `\,`, `\$`, `\|`, `\\`.

Source: FHIR R4, Search, "Escaping Search Parameters".
"""

import re

_ESCAPED = re.compile(r"\\([,$|\\])")


def split(written: str, at: str) -> list[str]:
    r"""The parts between the unescaped `at`, still escaped.

    >>> split(r"a\,b,c", ",")
    ['a\\,b', 'c']
    """
    if "\\" not in written:
        return written.split(at)
    parts, part, escaped = list[str](), "", False
    for each in written:
        if each == at and not escaped:
            parts.append(part)
            part = ""
            continue
        part += each
        escaped = each == "\\" and not escaped
    return [*parts, part]


def unescaped(written: str) -> str:
    r"""The text that is meant.

    >>> unescaped(r"a\,b\\")
    'a,b\\'
    """
    return _ESCAPED.sub(r"\1", written)
