"""The statutes: pure rules and arithmetic without web, database or clock."""
