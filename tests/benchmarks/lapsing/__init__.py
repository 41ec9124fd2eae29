"""How fast packages lapse: Carnet's sweep beside one hand-written statement that writes the same rows."""
