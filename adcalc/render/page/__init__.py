"""The page to step through a trace: what it is made of. `adcalc.render.html` puts it together."""
