"""The two append-only ledgers, sessions and money, and the one door through which both are posted.

Invariants: per lot and package issued = available + held + consumed + expired + refunded + moved, none negative;
every entry balances, also for every branch in it; deferred revenue equals the value of the sessions left.
"""
