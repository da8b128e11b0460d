"""What is on the air when: bulletins, hours, warnings, and who is told of them."""
