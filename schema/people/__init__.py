"""People in the graph: the staff with their roles, and the API keys of integrations."""
