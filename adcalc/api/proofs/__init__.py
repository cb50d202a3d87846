"""Numbers whose every digit is proved, and answers of floating point that are replaced by them."""
