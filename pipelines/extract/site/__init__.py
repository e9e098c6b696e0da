"""Site profiles: what recurs over the pages of a site, learnt from captures, used to tell its furniture from its articles."""
