"""The sections of the review, each as the figures that it shows; texts are the renderings' own.

A figure that is not known is ``None``, never 0. Times are aware UTC, durations seconds, speeds bit/s, ratios 0 to 1,
unless a field says otherwise.
"""
