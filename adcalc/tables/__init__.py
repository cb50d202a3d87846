"""Files of numbers: arrays are read from them and written to them."""
