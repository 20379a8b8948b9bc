"""The face for administrators: people, office, rules, oversight."""
