"""The session: what `adcalc repl` remembers, how it reads a line, and the two ways in, a terminal and a pipe."""
