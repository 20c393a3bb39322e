"""Features for machine learning: a line for each person, through the gate of extracts.

| module | what |
|---|---|
| `matrix` | whose feature says what, by the engine of studies |
| `coarsen` | values told as `other` until two of them single out few |
| `extract` | what is told of an extract of features, and its file |
"""
