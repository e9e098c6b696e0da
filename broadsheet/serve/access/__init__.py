"""How programs read a collection as they read a public web archive: the CDX server API and Memento (RFC 7089).

parameters   what the CDX server understands, declared once for reading and for the OpenAPI document
cdx_query    a query string -> CdxQuery; what is wrong with it is said
cdx_search   a CdxQuery and an index -> lines
cdx_filter   the parameters ``filter`` and ``collapse``
cdx_forms    lines -> the text and JSON of pywb, and of the Wayback Machine
mementos     the captures of one URL, and the links between them
openapi      all of it described
routes       which path is which
"""
