"""The jobs a user names; the only place where rooms meet."""
