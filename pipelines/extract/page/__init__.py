"""The page: decoded, parsed once and cut into blocks; what its class names, words and addresses say."""
