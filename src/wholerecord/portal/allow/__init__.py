"""Pages on which people let apps in: in their own name, to what they choose."""
