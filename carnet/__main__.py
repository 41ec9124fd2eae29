"""`python -m carnet`, the way one process of Carnet starts another."""

from carnet.cli import app

app(prog_name="carnet")
