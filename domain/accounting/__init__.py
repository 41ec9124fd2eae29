"""What the accounts must show: periods that close, breakage that is estimated, totals that reports start from."""
