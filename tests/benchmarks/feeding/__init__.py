"""How fast a page of the feed is read, and that how much lies before it costs nothing."""
