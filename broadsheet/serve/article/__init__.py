"""The pages of one article: each is an address of its own behind ``/COLLECTION/article/NAME``.

rows          the article by its name, and its rows in the other tables
reader        the text as it is read, with byline, dates and pictures
blocks        what was stripped: all blocks of the page, their roles, and why
exchange      request and response as they were, where they lie, and whether they are whole
related       versions, duplicates, links
statements    what the page says of itself, and how to cite it
"""
