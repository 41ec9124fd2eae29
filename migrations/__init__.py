"""The history of the database schema; each change keeps data (see CONTRIBUTING.md)."""
