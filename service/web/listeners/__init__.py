"""Pages and feeds for listeners."""
