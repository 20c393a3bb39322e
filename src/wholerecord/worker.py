"""Files and links what is kept, beside the server."""
