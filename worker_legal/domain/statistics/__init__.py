"""The figures by which the office is judged, and the rows behind each of them."""
