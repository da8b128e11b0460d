"""What README says of additions, done: `additions.py` makes one of each kind in a copy of the
house, `tried_*.py` uses them there, and tests/system/test_adding.py reads the table and runs both.
"""
