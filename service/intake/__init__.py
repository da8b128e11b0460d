"""Bytes from outside become a Story, or a clear rejection."""
