"""Planners' boards: fixed measures of everybody who may be counted, and how sure they are.

| module | what |
|---|---|
| `measures` | which boards there are, in the language of studies |
| `count` | who is in which group, and protected: threshold, rounding, complementary suppression |
| `complement` | what more is hidden so that nothing hidden is given back |
| `likely` | between what bounds the share lies |
| `show` | through the door, once a month, onto the public register |
"""
