"""``/api/v1``: what programs ask. Refusals are problems of one form, and say how to mend them."""
