"""Planners' boards: fixed measures of everybody who may be counted, and how sure they are.

| module | what |
|---|---|
| `asked` | what a board is, and what boards ask alike, in the language of studies |
| `gaps`, `waiting` | the boards of monitoring gaps and of waiting lists |
| `measures` | which boards there are |
| `count` | who is in which group, and protected: threshold, rounding, complementary suppression |
| `complement` | what more is hidden so that nothing hidden is given back |
| `likely` | between what bounds the share lies |
| `show` | through the door, once a month, onto the public register |
"""
