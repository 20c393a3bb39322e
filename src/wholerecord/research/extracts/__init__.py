"""Extracts of rows of people: asked, measured, looked at by two, then taken.

| module | what |
|---|---|
| `cut` | of whom, of which snapshot, for which project; and what is told of what was made |
| `gate` | whether an extract may be made now, and of whom |
| `ask` | asking for one, and taking it when two have looked |

What makes the rows: `research.omop`, `research.features`.
"""
