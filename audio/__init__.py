"""Sentences and a voice become clips, one stitched recording,
and mastered files with exact cues.
"""
