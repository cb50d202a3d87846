"""The command line: it reads the request, asks the api, and hands the result to a format."""
