"""`python -m adcalc` is `adcalc`."""

from adcalc.cli.app import main

if __name__ == "__main__":
    main()
