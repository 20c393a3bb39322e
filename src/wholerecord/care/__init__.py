"""Care plans, tasks, who is responsible; what changed since somebody last looked."""
