"""Jobs become steps: each carries one episode from room to room along the line."""
