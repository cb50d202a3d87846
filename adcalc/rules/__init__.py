"""The function table: one row of grammar/functions.adc for each function, and what is made of it."""
