"""Who is told: incidents, routes, receivers. Nothing is sent yet."""
