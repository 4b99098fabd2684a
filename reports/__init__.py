"""What the manager signs: the monthly infrastructure review. Nothing is printed yet."""
