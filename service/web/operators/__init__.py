"""Pages and addresses for loudspeaker operators and their player boxes."""
