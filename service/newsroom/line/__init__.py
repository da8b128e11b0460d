"""What the workers load and save."""
