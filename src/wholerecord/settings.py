"""What two sites really do differently, from the environment."""
