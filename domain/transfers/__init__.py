"""Transfers of the holder: REQUESTED (where the terms ask for approval) → DONE, REFUSED or WITHDRAWN; DONE → UNDONE.

Sessions leave one package and arrive in another with their value, tax and expiry; both sides or none.
"""
