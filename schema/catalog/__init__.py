"""The catalogue in the graph: services with their prices, package definitions with their versions and terms."""
