"""Loa's rooms of knowledge: intake, vietnamese, newsroom, podcast and web."""
