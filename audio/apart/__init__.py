"""Engines in processes of their own: the pool that starts them, and the scripts that run there."""
