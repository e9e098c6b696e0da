"""The face of the product: command line, Python API, demo.  It parses, calls and prints."""
