"""What other systems tell, as the graph shows it."""
