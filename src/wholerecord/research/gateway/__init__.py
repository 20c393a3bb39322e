"""Prompts to a language model: redacted before they leave, restored when an answer comes.

| module | what |
|---|---|
| `prompts` | what is kept of each: what left, what came, and who asked |
| `ask` | one prompt from end to end |
| `log` | what governance is shown of them |
"""
