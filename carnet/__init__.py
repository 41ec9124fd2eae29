"""How the program is started, and nothing else."""
