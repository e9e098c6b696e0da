"""What a person asks of a crawl while it runs, by way of files in its collection.

action    what can be asked, and the folder where it is asked
control   the running crawl's side: takes what is asked, in order
"""
