"""Extracts as the OMOP Common Data Model 5.4, through the gate of studies.

| module | what |
|---|---|
| `tables` | the tables of the model that are written, and their columns |
| `vocabulary` | the OMOP vocabularies that a site has loaded |
| `codes` | which concept a code of the views is |
| `build` | the tables, made of a snapshot for those who may be in them |
| `check` | whether what was made is as the model wants it |
| `risk` | how far the rows single people out |
| `extract` | what is told of an extract, and its files; `research.extracts` asks for one |

Source: OHDSI, OMOP Common Data Model v5.4 specification; The Book of OHDSI, chapters 4 and 5.
"""
