"""Plain values become RSS, WebVTT, chapters and playlists."""
