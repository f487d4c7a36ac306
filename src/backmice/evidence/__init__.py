"""Claims, the sources they rest on, and what must be looked at again when one changes."""
