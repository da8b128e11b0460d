"""Rows, files and jobs: the only SQL and the only object store."""
