"""Sources that are polled: what they are, what they listed, and whose turn it is to be asked."""
