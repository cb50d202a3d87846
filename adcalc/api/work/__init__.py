"""The work of differentiation as data, to be shown."""
