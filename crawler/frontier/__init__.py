"""The frontier: what is to be fetched, what is being fetched, what is done; durable in the journal."""
