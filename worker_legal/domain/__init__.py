"""One module or package per concept of the office; the only writer of the database."""
