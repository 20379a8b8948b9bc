"""The face for staff: one module per concept, each with its views and forms."""
