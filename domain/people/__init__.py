"""The staff with their roles, and the API keys of integrations."""
