"""The pages, server-rendered: for clinicians, for the person, and for the desk."""
