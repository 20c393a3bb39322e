"""De-identified counts and extracts, through the same door."""
