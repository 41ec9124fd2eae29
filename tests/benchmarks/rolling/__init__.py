"""How fast deferred revenue rolls forward, and that what came before the period costs nothing."""
