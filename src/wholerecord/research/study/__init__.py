"""Studies: a small language for cohorts and tables of them, its meaning, and its plan for DuckDB.

| module | what |
|---|---|
| `nodes` | what a study is, as frozen values |
| `kinds` | whether it makes sense: every fault in words |
| `source` | a study's file, read without running it |
| `codelist` | code lists, as OpenCodelists writes them |
| `meaning` | the slow plain engine: what each node means |
| `plan` | the same as one DuckDB query |
| `sql` | the other way to ask: one SELECT, held to a narrow shape |
"""
