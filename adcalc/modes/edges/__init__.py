"""Where there is no derivative: kinks, jumps, infinite slopes, and what lies to one side of them."""
