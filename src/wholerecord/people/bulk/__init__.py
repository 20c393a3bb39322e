"""The same model in bulk: Splink on DuckDB, over a file of any number of records.

What a name or a number *is* (`people.traits`) is computed by the same functions as in real time,
once for each different spelling; how two compare is said again in SQL (`levels.toml`), and a test
holds the two to 1e-6 on every pair.
"""
