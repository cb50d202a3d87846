"""Text to graph: the grammar, the parser, the postfix code and its lowering; and back to text."""
