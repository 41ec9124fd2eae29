"""What one document, one query and one principal may ask of the graph."""
