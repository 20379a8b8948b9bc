"""The case: parties, proceedings, events and the dates that follow from them."""
