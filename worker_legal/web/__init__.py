"""The doors for people: staff, administrators and workers."""
