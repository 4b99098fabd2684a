"""What the review says in Vietnamese, English and Indonesian, and how each writes figures and dates."""
