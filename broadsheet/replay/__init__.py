"""The face of replay: the browser it starts, the command behind ``broadsheet replay``."""
