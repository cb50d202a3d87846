"""Where floating point loses digits: the places where it may, looks at them, and what became of what was noticed."""
