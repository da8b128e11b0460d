"""Forms that texts come in: official documents, e-mails, posts.

What is of the form alone is left out, and listed.
"""
