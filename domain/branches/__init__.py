"""Chains and their branches: who sells, who performs, by whose clock."""
