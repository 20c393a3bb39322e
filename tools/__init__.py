"""Commands for working on the program, which is not made with them."""
