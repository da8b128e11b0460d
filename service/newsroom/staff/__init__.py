"""People with a login and programs with a key: who they are,
where they are logged in, who only guesses.
"""
