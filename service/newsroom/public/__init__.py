"""What the public gets, and what is counted of it."""
