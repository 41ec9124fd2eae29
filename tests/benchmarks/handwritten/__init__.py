"""What somebody who needs only these two endpoints would write by hand: Starlette, plain SQL, orjson, nothing else."""
