"""Nasty inputs at every door of a Loa that really serves: `make fuzz`.

What is promised, and looked at while `FUZZ_INPUTS` inputs (2,000) go in:

- no answer says that the fault is ours (5xx), and every call is answered;
- `/healthz` and a slot's `latest.mp3`, asked five times a second, never take longer than a second;
- no word that a person typed (`format: text`, the desk's form) is missing from the sentences read;
- `loa restore`, `loa import` and `loa preview` end with an exit code of theirs, never a traceback.

Each input comes from `FUZZ_SEED` and its number alone, so that a run can be repeated;
`FUZZ_ONLY=17,230` sends these alone. Inputs are drawn by `random.Random`, not by Hypothesis: here
nothing is to be shrunk, and what counts is what the house does for others while an input is on its
way.
"""
