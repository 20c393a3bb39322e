"""What every page stands on: sign-in, the session, forms, templates, assets and plain words."""
