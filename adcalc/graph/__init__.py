"""The expression DAG: nodes, and the append-only list that holds them."""
