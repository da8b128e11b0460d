"""Voices: one file per engine, one row per engine in the table that opens them."""
