"""The page: decoded, parsed once and cut into blocks; hints of class names, keywords and traits of texts, links."""
