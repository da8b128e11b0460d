"""Use cases, one function each: called by pages, API, command line and clock alike."""
