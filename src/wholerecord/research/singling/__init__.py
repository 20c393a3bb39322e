"""How far rows of people single them out, and what is told less exactly so that they do not.

| module | what |
|---|---|
| `pairs` | whom two known things of theirs single out |
| `wider` | the wider codes of a code, by its system's own hierarchy |
| `rare` | codes that few people have, told as wider ones |
| `grain` | days told as months, quarters, years: the finest at which pairs single out few |
| `groups` | the smallest group of people alike (k), and what groups tell (l, t) |

Every extract of rows passes here: `research.omop` and `research.features`.
"""
