"""The graph: GraphQL in, GraphQL out; no rule and no SQL."""
