"""Articles and episodes: what people wrote, its versions, corrections, recordings and terms."""
