"""The schema of configuration, and the one place where it is loaded."""
