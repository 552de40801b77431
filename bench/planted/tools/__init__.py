"""The tools that are scored. One is a class with a `name`, a `version`, the `kinds` that it can tell, and `ask(served, folder)`: see `claims.Tool`."""
