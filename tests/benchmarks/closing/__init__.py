"""How fast the packages of a branch that closes move on."""
