"""Open counts: numbers for anybody, each with noise, out of a budget that ends.

| module | what |
|---|---|
| `noise` | a number of people with noise on it, and how far off it may be |
| `budget` | what was spent of which snapshot, and when there is no more |
| `count` | the tables: how many people have each condition, by age and sex |
| `publish` | through the purpose gate, out of the budget, onto the public register |
"""
