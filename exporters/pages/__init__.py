"""Pages for eyes: made on the server, nothing is loaded from elsewhere, no script is needed."""
