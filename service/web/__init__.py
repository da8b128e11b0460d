"""HTTP for listeners, operators, editors and programs."""
