"""CDXJ: the sorted index of captures that replay tools look things up in; made, merged and read."""
