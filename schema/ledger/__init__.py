"""Operations and the money journal in the graph."""
