"""The strict verifier: what ISO 28500 and HTTP ask of an archive, rule by rule, for anybody's files."""
