"""The face for workers; it knows of the domain only the portal."""
