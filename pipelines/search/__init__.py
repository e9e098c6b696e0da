"""Full-text search over the articles of a collection: an index in one SQLite file that is made from Parquet, and can be
deleted whenever nobody searches.

    words           a text -> the tokens that are indexed and looked up; scripts without spaces as bigrams
    query_language  what a person types -> a tree of terms, phrases, fields, AND, OR, NOT; nothing is an error
    index           the file: what it holds, and which Parquet files it was made from
    update          Parquet -> index: what is new is added, what is gone is masked
    columns         facets, dates and groups of duplicates of all articles, in memory
    searcher        a query and chosen facets -> hits, counts of facets, a histogram
    hits            what a list of hits shows of an article
    across          one search over several indexes
    snippets        the place of a text that shows why it was found
    terms           the share of articles with a word, by month
"""
