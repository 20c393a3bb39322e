"""The record on paper and as files: printed pages, PDF, plain text and a table."""
